#include "core/smtp/server_hook.h"

#include <gtest/gtest.h>

namespace qmail::smtpd {
namespace {

/// Refuses one recipient and counts how often it is asked.
class Refuser final : public Feature {
 public:
  Refuser(std::string refused, std::string text, int& asked)
      : refused_(std::move(refused)), text_(std::move(text)), asked_(asked) {}
  Verdict rcpt(const Envelope&, std::string_view recipient) override {
    ++asked_;
    if (recipient != refused_) return no_opinion;
    return Reply{553, text_};
  }

 private:
  std::string refused_, text_;
  int& asked_;
};

Verdict ask_rcpt(const Features& features, std::string_view recipient) {
  return ask_all(features, [&](Feature& feature) { return feature.rcpt({}, recipient); });
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
  const Control control(Directory::open("/"));
  const Environment environment;
  const std::vector<Factory> factories{
      [](const Configuration&) { return std::unique_ptr<Feature>(); },
      [](const Configuration&) { return std::make_unique<Feature>(); },
  };
  EXPECT_EQ(make_features(factories, {control, environment}).size(), 1U);
}

TEST(Reply, EachLineOfItsTextIsALineOfTheReply) {
  EXPECT_EQ(encode({250, "ok"}), "250 ok\r\n");
  EXPECT_EQ(encode({250, ""}), "250 \r\n");
  EXPECT_EQ(encode({250, "a\nb\nc"}), "250-a\r\n250-b\r\n250 c\r\n");
}

}  // namespace
}  // namespace qmail::smtpd
