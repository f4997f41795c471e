#include "core/smtp/server_hook.h"

#include <gtest/gtest.h>

namespace qmail::smtpd {
namespace {

/// Refuses one recipient and counts how often it is asked.
class Refuser final : public Feature {
 public:
  Refuser(std::string refused, std::string text, int& asked)
      : refused_(std::move(refused)), text_(std::move(text)), asked_(asked) {}
  Verdict rcpt(const Envelope&, std::string_view recipient, Dialogue&) override {
    ++asked_;
    if (recipient != refused_) return no_opinion;
    return Reply{553, text_};
  }

 private:
  std::string refused_, text_;
  int& asked_;
};

/// For steps that do nothing with it.
class NoDialogue final : public Dialogue {
 public:
  std::optional<std::string> ask(const Reply&) override { return std::nullopt; }
  bool speaks_within(std::chrono::milliseconds) override { return false; }
  void cross(const Reply&, const std::function<std::optional<Crossing>(Reader&, Writer&)>&) override {}
};

Verdict ask_rcpt(const Features& features, std::string_view recipient) {
  NoDialogue none;
  return ask_all(features, [&](Feature& feature) { return feature.rcpt({}, recipient, none); });
}

TEST(ServerHook, TheFirstRefusalWinsAndNobodyBehindIsAsked) {
  int first = 0, second = 0;
  Features features;
  features.push_back(std::make_unique<Refuser>("a", "first", first));
  features.push_back(std::make_unique<Refuser>("a", "second", second));
  const Verdict verdict = ask_rcpt(features, "a");
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->text, "first");
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 0);
}

TEST(ServerHook, AFeatureWithoutAnOpinionLeavesItToTheNext) {
  int first = 0, second = 0;
  Features features;
  features.push_back(std::make_unique<Refuser>("a", "first", first));
  features.push_back(std::make_unique<Refuser>("b", "second", second));
  EXPECT_EQ(ask_rcpt(features, "b")->text, "second");
  EXPECT_FALSE(ask_rcpt(features, "c"));
  EXPECT_EQ(second, 2);
}

TEST(ServerHook, AnUnconfiguredFeatureDoesNotExist) {
  const Directory home = Directory::open("/");
  const Control control(Directory::open("/"));
  const SystemClock clock;
  Facts facts;
  Admission admission(facts);
  const std::vector<Factory> factories{
      [](const AdmittingConfiguration&) { return std::unique_ptr<Feature>(); },
      [](const AdmittingConfiguration&) { return std::make_unique<Feature>(); },
  };
  EXPECT_EQ(
      make_features(factories, {{home, control, clock, facts, [](std::string_view) {}}, admission}).size(),
      1U);
}

TEST(Reply, EachLineOfItsTextIsALineOfTheReply) {
  EXPECT_EQ(encode({250, "ok"}), "250 ok\r\n");
  EXPECT_EQ(encode({250, ""}), "250 \r\n");
  EXPECT_EQ(encode({250, "a\nb\nc"}), "250-a\r\n250-b\r\n250 c\r\n");
}

}  // namespace
}  // namespace qmail::smtpd
