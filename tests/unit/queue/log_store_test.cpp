// Messages in the queue log as qmail-send holds them: what they look like as lists, and what they cost.
#include "core/queue/log_store.h"

#include <gtest/gtest.h>
#include <iostream>
#include <malloc.h>

namespace qmail::queue {
namespace {

LogMessagePtr message(Number number, std::size_t recipients) {
  auto made = std::make_shared<LogMessage>();
  made->number = number;
  static_cast<void>(made->put_sender("sender@here.example"));
  for (std::size_t at = 0; at < recipients; ++at)
    static_cast<void>(made->put_recipient(Channel::local, "recipient-number@here.example"));
  return made;
}

TEST(LogStore, AMessageAndARecipientTakeTheMemoryThatTheHeaderStates) {
  constexpr std::size_t messages = 10000;
  constexpr std::size_t recipients = 100;
  LogStore store;
  const auto used = [] { return ::mallinfo2().uordblks; };
  const std::size_t before = used();
  for (Number number = 0; number < messages; ++number) store.add(message(number, 1));
  const std::size_t a_message = (used() - before) / messages;
  LogStore many;
  const std::size_t between = used();
  for (Number number = 0; number < messages / recipients; ++number) many.add(message(number, recipients));
  const std::size_t a_recipient = (used() - between) / messages;
  std::cout << "a message " << a_message << " bytes, a recipient " << a_recipient << " bytes\n";
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "not with the sanitizer's memory";
#endif
  EXPECT_LE(a_message, 500U);
  // Its record of 31 bytes and its place of 8, both in arrays that grow by doubling.
  EXPECT_LE(a_recipient, 2 * (31U + 8U) + 10);
}

TEST(LogMessage, KeepsItsRecipientsAsTheListsOfTheLayoutHaveThem) {
  LogMessage message;
  static_cast<void>(message.put_recipient(Channel::local, "a@here"));
  static_cast<void>(message.put_recipient(Channel::remote, "b@far"));
  static_cast<void>(message.put_recipient(Channel::local, "c@here"));
  EXPECT_EQ(message.list(Channel::local), std::string("Ta@here\0Tc@here\0", 16));
  EXPECT_EQ(message.list(Channel::remote), std::string("Tb@far\0", 7));
  EXPECT_EQ(message.index_of(Channel::local, 8), 2U);
  EXPECT_EQ(message.index_of(Channel::remote, 0), 1U);
  message.mark_done(Channel::local, 8);
  message.mark_done(Channel::local, 8);
  EXPECT_EQ(message.list(Channel::local), std::string("Ta@here\0Dc@here\0", 16));
  EXPECT_EQ(message.left, 2U);
}

}  // namespace
}  // namespace qmail::queue
