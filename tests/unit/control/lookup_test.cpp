#include "core/control/lookup.h"

#include <gtest/gtest.h>

namespace qmail {
namespace {

TEST(Lookup, TriesTheWholeHostThenItsDottedSuffixesThenNothing) {
  std::vector<std::string> asked;
  find_by_suffix("a.b.c", [&](std::string_view part) {
    asked.emplace_back(part);
    return std::optional<int>();
  });
  EXPECT_EQ(asked, (std::vector<std::string>{"a.b.c", ".b.c", ".c", ""}));
}

TEST(Lookup, KeepsTheLaterOfTwoLinesWithOneKey) {
  const NoCaseMap map = NoCaseMap::of_pairs({"A.example:one", "no colon", "a.EXAMPLE:two:three"});
  EXPECT_EQ(map.find("a.example"), "two:three");
  EXPECT_FALSE(map.contains("no colon"));
}

}  // namespace
}  // namespace qmail
