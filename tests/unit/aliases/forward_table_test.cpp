#include "core/programs/setforward/forward_table.h"

#include <gtest/gtest.h>

#include "core/base/failure.h"

namespace qmail {
namespace {

using Records = std::vector<std::pair<std::string, std::string>>;
using namespace std::string_literals;

/// The text comes in pieces of `size`.
Records read(std::string_view text, std::size_t size = 1000) {
  Records records;
  ForwardTable table([&](std::string_view key, std::string_view data) { records.emplace_back(key, data); });
  for (std::size_t at = 0; at < text.size(); at += size) table.put(text.substr(at, size));
  table.end();
  return records;
}

TEST(ForwardTable, MakesARecordOfEachInstruction) {
  const std::string_view text = "A@x: b@y, &c@z,\n |run\\ it, ./l, !p, ?own@o; # x;\n@h:;\n";
  const Records expected{{"?a@x", "own@o"}, {":a@x", "&b@y\0&c@z\0|run it\0./l\0!p\0"s}};
  EXPECT_EQ(read(text), expected);
  EXPECT_EQ(read(text, 1), expected);
}

TEST(ForwardTable, TakesTheMeaningOffWithABackslash) {
  EXPECT_EQ(read("a\\:\\#: \\,\\;\\\\;"), (Records{{":a:#", "&,;\\\0"s}}));
}

TEST(ForwardTable, RefusesWhatItCannotMean) {
  for (const std::string& text :
       {"a"s, "a:"s, "a: b"s, "a:b:c;"s, "a,"s, ";"s, "a\0:b;"s, "a: "s + std::string(801, 'x') + ";"})
    EXPECT_THROW(read(text), Failure) << text;
  EXPECT_NO_THROW(read("a: " + std::string(800, 'x') + ";"));
  EXPECT_NO_THROW(read("# only a comment"));
}

}  // namespace
}  // namespace qmail
