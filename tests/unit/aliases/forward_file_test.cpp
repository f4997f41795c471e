#include "core/programs/dot-forward/forward_file.h"

#include <gtest/gtest.h>

#include "core/base/failure.h"

namespace qmail {
namespace {

using Actions = std::vector<ForwardFile::Action>;

ForwardFile parse(std::string_view text) {
  return parse_forward_file(
      text, {.user = "ann", .host = "x.example"},
      {.host = "here.example", .domain = "domain.example", .plus_domain = "plus.example"});
}

TEST(ForwardFile, IsObeyedLineByLineEachFromItsEnd) {
  EXPECT_EQ(parse("# no\na, b@h\n\"|run it\", c@d+\n").actions, (Actions{{false, "b@h.domain.example"},
                                                                         {false, "a@here.example"},
                                                                         {false, "c@d.plus.example"},
                                                                         {true, "run it"}}));
  EXPECT_EQ(parse("a@b.example").actions, (Actions{{false, "a@b.example"}}));
  EXPECT_TRUE(parse("").actions.empty());
}

TEST(ForwardFile, KnowsItsUser) {
  for (const char* text : {"ann", "\\ANN", "Ann@X.example", "<ann>"}) {
    EXPECT_TRUE(parse(text).is_direct) << text;
    EXPECT_TRUE(parse(text).actions.empty()) << text;
  }
  EXPECT_FALSE(parse("ann@y.example, bann").is_direct);
}

TEST(ForwardFile, RefusesWhatItCannotDo) {
  for (const char* text : {"/var/mail/ann", ":include:/l", "(", "a\n>"})
    EXPECT_THROW(parse(text), Failure) << text;
  EXPECT_EQ(parse("/x@y.example").actions.size(), 1U);
}

}  // namespace
}  // namespace qmail
