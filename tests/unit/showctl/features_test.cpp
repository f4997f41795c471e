// What qmail-showctl says of features, behind what stock says.
#include <array>
#include <gtest/gtest.h>

#include "core/programs/qmail-showctl/show_control.h"
#include "tests/support/temp_home.h"

namespace qmail::showctl {
namespace {

constexpr std::array<FeatureText, 3> made_up{{
    {"first", "qmail-smtpd", " firstfile me "},
    {"second", "qmail-smtpd, qmail-qmtpd", " secondfile "},
    {"third", "qmail-remote", "  "},
}};

class ShowctlFeatures : public testing::Test {
 protected:
  std::string described(std::span<const FeatureText> features) const {
    return describe_control(Directory::open((home.path() / "control").string()), features);
  }
  test::TempHome home;
};

bool ends_with(const std::string& text, const std::string& end) { return text.ends_with(end); }

TEST_F(ShowctlFeatures, NothingIsSaidOfFeaturesThatHaveNoFile) {
  home.write("control/me", "mail.example\n");
  EXPECT_EQ(described(made_up), described({}));
}

TEST_F(ShowctlFeatures, ThoseThatHaveOneComeLastInTheirOrder) {
  home.write("control/secondfile", "1\n");
  home.write("control/firstfile", "1\n");
  home.write("control/strange", "1\n");
  const std::string text = described(made_up);
  EXPECT_PRED2(
      ends_with, text,
      "\nfirstfile: Read by feature first.\n"
      "\nsecondfile: Read by feature second.\n"
      "\nstrange: I have no idea what this file does.\n"
      "\nfeatures with control files here:\nfirst (qmail-smtpd)\nsecond (qmail-smtpd, qmail-qmtpd)\n");
}

TEST_F(ShowctlFeatures, APartOfANameIsAnotherName) {
  home.write("control/file", "1\n");
  EXPECT_PRED2(ends_with, described(made_up), "\nfile: I have no idea what this file does.\n");
}

}  // namespace
}  // namespace qmail::showctl
