#include <gtest/gtest.h>

#include "core/smtp/server_hook.h"
#include "tests/support/temp_home.h"

namespace qmail::features {

std::unique_ptr<smtpd::FeatureSetting> configure_submission(const Control& control);

namespace {

class FixedClock final : public Clock {
 public:
  Moment moment() const override { return {1795337285, 123456}; }
};

class SubmissionTest : public ::testing::Test {
 protected:
  SubmissionTest() { home_.write("control/me", "mx.example.org\n"); }

  /// In a session of `account`, once the files are written; of nobody, without one.
  smtpd::Feature* join(const std::string& account, Environment environment = {{"SUBMISSION", ""}}) {
    directory_.emplace(home_.open());
    facts_ = {.environment = std::move(environment), .terms = {}};
    if (!account.empty()) smtpd::Admission(facts_).admit(account);
    note_ = [this](std::string_view line) { log_ += std::string(line) + "\n"; };
    setting_ = configure_submission(Control(directory_->sub("control")));
    feature_ = setting_->join({{*directory_, clock_, facts_, note_}, admission_});
    return feature_.get();
  }
  std::string mail(std::string_view sender) {
    const auto refusal = feature_->mail({}, sender);
    return refusal ? std::to_string(refusal->code) + " " + refusal->text : "ok";
  }

  test::TempHome home_;
  std::optional<Directory> directory_;
  FixedClock clock_;
  smtpd::Facts facts_;
  smtpd::Admission admission_{facts_};
  std::function<void(std::string_view)> note_;
  std::string log_;
  std::unique_ptr<smtpd::FeatureSetting> setting_;
  std::unique_ptr<smtpd::Feature> feature_;
};

TEST_F(SubmissionTest, OnPortsForEverybodyItDoesNotExist) {
  home_.write("control/defaulthost", "no host (\n");
  EXPECT_EQ(join("joe", {}), nullptr);
}

TEST_F(SubmissionTest, NobodySendsWithoutALogin) {
  ASSERT_NE(join(""), nullptr);
  EXPECT_EQ(mail("joe@mx.example.org"), "530 Authentication required (#5.7.0)");
  EXPECT_EQ(mail(""), "530 Authentication required (#5.7.0)");
}

TEST_F(SubmissionTest, WhoMayRelayByAddressHasNoAccountToBeHeldTo) {
  join("");
  facts_.terms.relay_suffix = "";
  EXPECT_EQ(mail("anybody@b.example"), "ok");
}

TEST_F(SubmissionTest, AnAccountSendsAsItselfAndAsNobody) {
  join("joe");
  EXPECT_EQ(mail("joe@mx.example.org"), "ok");
  EXPECT_EQ(mail(""), "ok");
  EXPECT_EQ(log_, "");
  EXPECT_EQ(mail("ann@mx.example.org"), "553 sorry, that sender is not yours (#5.7.1)");
  EXPECT_EQ(log_, "warning: joe may not send as ann@mx.example.org: allow it in control/submissionsenders\n");
}

TEST_F(SubmissionTest, TheFileMayAllowMore) {
  home_.write("control/submissionsenders",
              "joe:boss@b.example\njoe:@c.example\n# everything:\nann:@\nnonsense\n");
  join("joe");
  EXPECT_EQ(mail("Boss@B.example"), "ok");
  EXPECT_EQ(mail("clerk@b.example"), "553 sorry, that sender is not yours (#5.7.1)");
  EXPECT_EQ(mail("anybody@c.example"), "ok");
  EXPECT_EQ(mail("anybody@a.c.example"), "553 sorry, that sender is not yours (#5.7.1)");
  EXPECT_EQ(mail("joe-x@mx.example.org"), "ok");
  join("ann");
  EXPECT_EQ(mail("anybody@anywhere.example"), "ok");
}

TEST_F(SubmissionTest, WhatIsMissingInTheHeaderIsAdded) {
  join("joe");
  EXPECT_EQ(feature_->interest(), smtpd::Interest::header);
  smtpd::HeaderFields fields{"Subject: hi\n"};
  EXPECT_FALSE(feature_->header(fields));
  ASSERT_EQ(fields.size(), 3U);
  EXPECT_EQ(fields[0], "Date: 22 Nov 2026 08:48:05 -0000\n");
  EXPECT_EQ(fields[1], "Message-ID: <20261122084805.123456." + std::to_string(::getpid()) +
                           ".1.qmail@mx.example.org>\n");
  EXPECT_EQ(fields[2], "Subject: hi\n");
  smtpd::HeaderFields next;
  feature_->header(next);
  EXPECT_NE(next[1], fields[1]);
}

}  // namespace
}  // namespace qmail::features
