#include "core/programs/qlist/request.h"

#include <gtest/gtest.h>
#include <utility>

#include "core/base/failure.h"

namespace qmail::qlist {
namespace {

Request read(const std::string& message) { return read_request(message, "l-request@x"); }

TEST(QlistRequest, IsOfWhomTheHeaderNames) {
  using Row = std::pair<const char*, const char*>;
  for (const auto& [header, author] :
       {Row{"From: a@x\n", "a@x"}, Row{"From: Ann <a@x>, b@x\n", "a@x"},
        Row{"From: a@x\nReply-To: (x) b@x\n", "b@x"}, Row{"Reply-To: b@x\nFrom: a@x\n", "b@x"},
        Row{"from:\n \"a b\"@x\n", "a b@x"}, Row{"Sender: a@x\n", ""}, Row{"", ""}, Row{"\nFrom: a@x\n", ""}})
    EXPECT_EQ(read(header).author, author) << header;
  EXPECT_EQ(read("From: a@x\nReply-To: nobody: ;\n").author, "a@x");
  EXPECT_THROW(read("From: (a@x\n"), Failure);
  EXPECT_NO_THROW(read("From: (a@x\nPrecedence: bulk\n"));
  EXPECT_THROW(read("Reply-To: \"a@x\n"), Failure);
}

TEST(QlistRequest, HasItsOrdersAtTheBeginningsOfLines) {
  const Request request = read("From: a@x\nSubject: unsubscribe\n\nsubscribe\n unsubscribe\nUNSU\n");
  ASSERT_EQ(request.orders.size(), 2U);
  EXPECT_EQ(request.orders[0].action, Action::subscribe);
  EXPECT_EQ(request.body.substr(0, request.orders[0].end), "\nsubscribe\n");
  EXPECT_EQ(request.orders[1].action, Action::unsubscribe);
  EXPECT_EQ(request.orders[1].end, request.body.size());
}

TEST(QlistRequest, WithoutOrdersHasThatOfTheSubject) {
  const auto only = [](const std::string& message) { return read(message).orders.at(0); };
  EXPECT_EQ(only("Subject: Unsubscribe\n\nhi\n").action, Action::unsubscribe);
  EXPECT_EQ(only("Subject: Unsubscribe\n\nhi\n").place, Order::Place::subject);
  EXPECT_EQ(only("Subject: Re: Unsubscribe\n\nhi\n").action, Action::subscribe);
  EXPECT_EQ(only("Subject: Re: Unsubscribe\n\nhi\n").place, Order::Place::nowhere);
  EXPECT_EQ(only("").action, Action::subscribe);
}

TEST(QlistRequest, HasNoMoreOrdersThanSomebodyMeans) {
  std::string message = "From: a@x\n\n";
  for (int i = 0; i < 1000; ++i) message += "subs\nunsu\n";
  EXPECT_EQ(read(message).orders.size(), 16U);
}

TEST(QlistRequest, ShowsWhyNobodyIsToAnswer) {
  for (const char* message : {"Precedence: bulk\n", "Auto-Submitted: auto-replied\n", "List-Id: <l>\n",
                              "Delivered-To: L-Request@X\n"})
    EXPECT_NE(read(message).why_not, "") << message;
  for (const char* message : {"Delivered-To: l@x\n", "\nPrecedence: bulk\n", "Auto-Submitted: no\n", ""})
    EXPECT_EQ(read(message).why_not, "") << message;
}

TEST(QlistRequest, KeepsWhatStillHoldsOfTheMessage) {
  const Request request = read("Received: a\n b\nContent-Type: text/plain;\n x=y\nX: y\nno field\nbody");
  EXPECT_EQ(request.fields, "Received: a\n b\nX: y\n");
  EXPECT_EQ(request.trace, "Received: a\n b\n");
  EXPECT_EQ(request.body, "\nno field\nbody\n");
}

TEST(QlistRequest, KeepsLittleOfALongTrace) {
  std::string message;
  for (int i = 0; i < 1000; ++i) message += "Received: " + std::string(1000, 'x') + "\n";
  EXPECT_EQ(read(message).trace.size(), 4 * 1011U);
}

}  // namespace
}  // namespace qmail::qlist
