#include "core/mailbox/message_text.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include "core/base/fd.h"

namespace qmail::mailbox {
namespace {

Fd file_with(std::string_view bytes) {
  Fd file(::memfd_create("message", MFD_CLOEXEC));
  EXPECT_EQ(::pwrite(file.get(), bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  return file;
}

/// Fields in brackets, lines in angle brackets.
std::string read(std::string_view bytes, std::size_t longest = 100) {
  const Fd file = file_with(bytes);
  std::string seen;
  MessageText message(file.get(), longest);
  message.read_header([&](const std::string& field) { seen += "[" + field + "]"; });
  while (const auto line = message.next_line()) seen += "<" + *line + ">";
  return seen;
}

TEST(MessageText, IsFieldsAndThenLines) {
  EXPECT_EQ(read("A: 1\n 2\nB: 3\n\nx\n\ny"), "[A: 1\n 2\n][B: 3\n]<\n><x\n><\n><y\n>");
  EXPECT_EQ(read("A: 1\nno field\nx\n"), "[A: 1\n]<\n><no field\n><x\n>");
  EXPECT_EQ(read("A: 1"), "[A: 1\n]");
  EXPECT_EQ(read("\nx"), "<\n><x\n>");
  EXPECT_EQ(read(""), "");
}

TEST(MessageText, IsKeptInPartIfItIsEndless) {
  EXPECT_EQ(read("A: 12345\n 6\n 7\nB: 1\n\n1234567\nx", 5), "[A: 12][B: 1\n]<\n><12345\n><x\n>");
}

TEST(Summary, IsOfTheFirstWords) {
  const Fd file = file_with("Return-Path: <>\nFrom: a\nSubject:\nDelivered-To : b \n\n12345");
  const Summary summary = summarize(file.get(), 3);
  EXPECT_EQ(summary.sender, "<>");
  EXPECT_EQ(summary.recipient, "b ");
  EXPECT_EQ(summary.from, "From: a");
  EXPECT_EQ(summary.text, "\n12");
}

TEST(Summary, HasQuestionMarksForWhatIsNotSaid) {
  const Summary summary = summarize(file_with("Subject: s\nReturn-Path:\n").get(), 100);
  EXPECT_EQ(summary.sender, "?");
  EXPECT_EQ(summary.recipient, "?");
  EXPECT_EQ(summary.from, "");
  EXPECT_EQ(summary.text, "s\n");
}

}  // namespace
}  // namespace qmail::mailbox
