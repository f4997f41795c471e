#include <boost/filesystem.hpp>
#include <boost/filesystem/fstream.hpp>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "installer/qmail-check/check_control.h"
#include "installer/qmail-check/check_files.h"
#include "installer/qmail-check/control_files.h"

namespace qmail::check {
namespace {

namespace fs = boost::filesystem;

class CheckTest : public testing::Test {
 protected:
  CheckTest() {
    fs::create_directories(home_ / "control");
    write("control/me", "mx.example.org\n");
    write("control/rcpthosts", "example.org\n");
  }
  ~CheckTest() override { fs::remove_all(root_); }

  void write(const std::string& name, const std::string& text, mode_t mode = 0644) const {
    fs::create_directories((home_ / name).parent_path());
    fs::ofstream(home_ / name) << text;
    ::chmod((home_ / name).c_str(), mode);
  }
  void remove(const std::string& name) const { fs::remove(home_ / name); }
  transaction::Tree tree() const { return transaction::Tree(root_.string()); }

  /// "C12 rcpthosts" of each, with the last part of what it is about.
  using Found = std::vector<std::string>;
  static Found names(const Findings& findings) {
    Found found;
    for (const Finding& finding : findings.list())
      found.push_back(finding.id + (" " + finding.subject.substr(finding.subject.rfind('/') + 1)));
    return found;
  }
  Found look(void (*check)(const Control&, Findings&)) const {
    Findings findings;
    check(Control(tree().open_directory("/var/qmail/control")), findings);
    return names(findings);
  }
  Found look(void (*check)(const transaction::Tree&, Findings&)) const {
    Findings findings;
    check(tree(), findings);
    return names(findings);
  }

  const fs::path root_ = fs::temp_directory_path() / fs::unique_path("check.%%%%%%%%");
  const fs::path home_ = root_ / "var/qmail";
};

TEST_F(CheckTest, WhatIsRightIsNotFound) {
  write("control/locals", "example.org\nlocalhost\n");
  write("control/virtualdomains", "user@elsewhere.example:joe\n");
  write("control/databytes", "1000\n");
  write("control/smtproutes", "example.net:relay:26\n:\n");
  EXPECT_EQ(look(check_names), Found());
  EXPECT_EQ(look(check_forms), Found());
}

TEST_F(CheckTest, TheHostHasToHaveAName) {
  remove("control/me");
  EXPECT_EQ(look(check_names), Found{"C10 me"});
  write("control/me", "mx\n");
  EXPECT_EQ(look(check_names), Found{"C11 me"});
}

TEST_F(CheckTest, WithoutRcptHostsNobodyMaySend) {
  remove("control/rcpthosts");
  EXPECT_EQ(look(check_names), Found{"C12 rcpthosts"});
}

TEST_F(CheckTest, ANumberBeginsWithADigit) {
  write("control/databytes", "unlimited\n");
  EXPECT_EQ(look(check_forms), Found{"C13 databytes"});
}

TEST_F(CheckTest, AFileThatNobodyReadsIsAMistake) {
  write("control/rcpthost", "example.org\n");
  EXPECT_EQ(look(check_forms), Found{"C14 rcpthost"});
}

TEST_F(CheckTest, ADomainIsLocalOrVirtual) {
  write("control/locals", "Example.org\n");
  write("control/virtualdomains", "example.ORG:joe\n");
  EXPECT_EQ(look(check_names), Found{"C15 virtualdomains"});
}

TEST_F(CheckTest, WhatIsDeliveredHereIsTakenHere) {
  write("control/locals", "mx.example.org\nexample.org\n");
  write("control/virtualdomains", "lists.example.org:lists\n.example.org:all\n");
  EXPECT_EQ(look(check_names), (Found{"C16 locals", "C16 virtualdomains"}));
}

TEST_F(CheckTest, ADatabaseIsAsNewAsItsText) {
  write("control/morercpthosts", "example.net\n");
  EXPECT_EQ(look(check_databases), Found{"C17 morercpthosts.cdb"});
  write("control/morercpthosts.cdb", "");
  EXPECT_EQ(look(check_databases), Found());
  fs::last_write_time(home_ / "control/morercpthosts.cdb", 1000);
  EXPECT_EQ(look(check_databases), Found{"C17 morercpthosts.cdb"});
}

TEST_F(CheckTest, AKeyIsNobodysToRead) {
  write("control/servercert.pem", "-----BEGIN PRIVATE KEY-----\n", 0644);
  write("control/clientca.pem", "-----BEGIN CERTIFICATE-----\n", 0644);
  EXPECT_EQ(look(check_secrets), Found{"C18 servercert.pem"});
  write("control/servercert.pem", "-----BEGIN PRIVATE KEY-----\n", 0640);
  EXPECT_EQ(look(check_secrets), Found());
}

TEST_F(CheckTest, ARouteHasAHostAndAPort) {
  write("control/smtproutes", "# fine\nexample.org:relay\nexample.net\nexample.com:relay:99999\n");
  EXPECT_EQ(look(check_forms), (Found{"C19 smtproutes", "C19 smtproutes"}));
}

TEST_F(CheckTest, APasswordBehindABadRouteIsNotTold) {
  write("control/smtproutes", "example.org:relay:99999|user|secret\n");
  Findings findings;
  check_forms(Control(tree().open_directory("/var/qmail/control")), findings);
  ASSERT_EQ(findings.list().size(), 1U);
  EXPECT_EQ(say(findings.list().front().message, dialogue::Language::english).find("secret"),
            std::string::npos);
}

TEST_F(CheckTest, SomebodyReceivesWhatThePostmasterIsSent) {
  EXPECT_EQ(look(check_aliases),
            (Found{"C20 .qmail-postmaster", "C20 .qmail-mailer-daemon", "C20 .qmail-root"}));
  write("alias/.qmail-postmaster", "joe\n");
  write("alias/.qmail-mailer-daemon", "joe\n");
  write("alias/.qmail-root", "joe\n");
  EXPECT_EQ(look(check_aliases), Found());
}

TEST_F(CheckTest, AFeaturesComplaintIsTold) {
  static constexpr smtpd::Configure* complaining = [](const Control& control) {
    control.complain({.name = "badhelo", .line = 2, .text = "no such class"});
    return std::unique_ptr<smtpd::FeatureSetting>();
  };
  Findings findings;
  check_features(Control(tree().open_directory("/var/qmail/control")),
                 {.server = {&complaining, 1}, .client = {}}, findings);
  ASSERT_EQ(names(findings), Found{"C21 badhelo"});
  EXPECT_EQ(say(findings.list().front().message, dialogue::Language::english),
            "control/badhelo: line 2: no such class");
}

TEST(ControlFiles, AreThoseOfTheManualPage) {
  const auto kind = [](std::string_view name) {
    for (const ControlFile& file : control_files())
      if (file.name == name) return file.kind;
    return std::string_view("unknown");
  };
  EXPECT_EQ(kind("databytes"), "Number");
  EXPECT_EQ(kind("me"), "Line");
  EXPECT_EQ(kind("locals"), "List");
  EXPECT_EQ(kind("no-such-file"), "unknown");
}

}  // namespace
}  // namespace qmail::check
