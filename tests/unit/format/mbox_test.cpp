#include "core/format/mbox.h"

#include <gtest/gtest.h>

namespace qmail {
namespace {

/// Quotes `message` in pieces of `size` bytes.
std::string quoted(std::string_view message, std::size_t size) {
  MboxQuoter quoter;
  std::string out;
  for (; !message.empty(); message.remove_prefix(std::min(size, message.size())))
    quoter.put(message.substr(0, size), out);
  quoter.finish(out);
  return out;
}

TEST(Mbox, QuotesFromLinesWhereverTheyAreCut) {
  struct Row {
    std::string_view message, result;
  };
  const Row rows[] = {
      {"", "\n"},
      {"a\n", "a\n\n"},
      {"a", "a\n\n"},
      {"\n\n", "\n\n\n"},
      {"From x\n", ">From x\n\n"},
      {">From x\n>>>From y\n", ">>From x\n>>>>From y\n\n"},
      {"a\nFrom ", "a\n>From \n\n"},
      {"a\nFrom", "a\nFrom\n\n"},
      {"a\nFro\nFrom: b\nFrom\n", "a\nFro\nFrom: b\nFrom\n\n"},
      {" From x\n", " From x\n\n"},
      {">x>From y\n", ">x>From y\n\n"},
      {">F>From y\n", ">F>From y\n\n"},
      {"FFrom y\n", "FFrom y\n\n"},
      {">\n>", ">\n>\n\n"},
      {"From From \nfrom x\n", ">From From \nfrom x\n\n"},
      {"a\r\nFrom b\r\n", "a\r\n>From b\r\n\n"},
  };
  for (const Row& row : rows)
    for (std::size_t size = 1; size < 8; ++size)
      EXPECT_EQ(quoted(row.message, size), row.result) << row.message << " in pieces of " << size;
}

TEST(Mbox, NamesTheSenderWithoutBlanks) {
  EXPECT_EQ(mbox_from_line("", 1700000000), "From MAILER-DAEMON Tue Nov 14 22:13:20 2023\n");
  EXPECT_EQ(mbox_from_line("a b\tc\nd@e", 0), "From a-b-c-d@e Thu Jan 01 00:00:00 1970\n");
}

}  // namespace
}  // namespace qmail
