#include "core/control/control.h"

#include <gtest/gtest.h>

#include "tests/support/temp_home.h"

namespace qmail {
namespace {

TEST(ControlFile, LinesKeepTheirNumbers) {
  const auto lines = numbered_control_lines("# first\n\none \t\n two\n#\nthree");
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].number, 3U);
  EXPECT_EQ(lines[0].text, "one");
  EXPECT_EQ(lines[1].text, " two");
  EXPECT_EQ(lines[2].number, 6U);
}

TEST(ControlFile, AComplaintSaysWhere) {
  EXPECT_EQ(to_text({.name = "badhelo", .line = 3, .text = "no such class"}),
            "control/badhelo: line 3: no such class");
  EXPECT_EQ(to_text({.name = "badhelo", .line = 0, .text = "too large"}), "control/badhelo: too large");
}

TEST(ControlFile, ComplaintsAreKeptUntilItIsReadAnew) {
  Control control(Directory::open("/"));
  control.complain({.name = "badhelo", .line = 1, .text = "no"});
  EXPECT_EQ(control.complaints().size(), 1U);
  control.forget();
  EXPECT_TRUE(control.complaints().empty());
}

TEST(ControlFile, OnceItsNamesAreReadWhatIsAbsentIsNotLookedForUntilItIsReadAnew) {
  const test::TempHome home;
  home.write("control/me", "one\n");
  Control control(home.open().sub("control"));
  EXPECT_FALSE(control.line("absent"));
  control.read_names();
  home.write("control/absent", "two\n");
  EXPECT_FALSE(control.line("absent"));
  EXPECT_EQ(control.line("me"), "one");
  control.forget();
  EXPECT_EQ(control.line("absent"), "two");
}

TEST(ControlFile, WithoutThatAFileIsThereAsSoonAsItIs) {
  const test::TempHome home;
  home.write("control/me", "one\n");
  const Control control(home.open().sub("control"));
  EXPECT_FALSE(control.line("absent"));
  home.write("control/absent", "two\n");
  EXPECT_EQ(control.line("absent"), "two");
}

}  // namespace
}  // namespace qmail
