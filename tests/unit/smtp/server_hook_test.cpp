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

/// A session as far as seats are made in it.
struct Room {
  Directory home = Directory::open("/");
  SystemClock clock;
  Facts facts;
  std::function<void(std::string_view)> note = [](std::string_view) {};
  Admission admission{facts};
  Features seats(const FeatureSettings& settings) {
    return seats_of(settings, {{home, clock, facts, note}, admission});
  }
};

struct Seat final : Feature {
  Seat(const int& number, const Circumstances&) : number_(number) {}
  Verdict data(const Envelope&) override { return Reply{number_, ""}; }

 private:
  const int& number_;
};

TEST(ServerHook, AnUnconfiguredFeatureDoesNotExist) {
  const std::vector<Configure*> features{
      [](const Control&) { return std::unique_ptr<FeatureSetting>(); },
      [](const Control&) -> std::unique_ptr<FeatureSetting> { return setting_of<Seat>(451); },
  };
  const FeatureSettings settings = configure_all(features, Control(Directory::open("/")));
  ASSERT_EQ(settings.size(), 1U);
  Room room;
  EXPECT_EQ(room.seats(settings).front()->data({})->code, 451);
}

TEST(ServerHook, AFeatureMayHaveNoSayInASession) {
  struct Absent final : Setting {
    std::unique_ptr<Feature> join(const Circumstances&) const override { return nullptr; }
  };
  FeatureSettings settings;
  settings.push_back(std::make_unique<Absent>());
  EXPECT_TRUE(Room().seats(settings).empty());
}

TEST(ServerHook, WhoIsAdmittedMayRelayUnderItsName) {
  Facts facts;
  Admission(facts).admit("joe");
  EXPECT_TRUE(facts.may_relay());
  EXPECT_EQ(facts.environment.get("RELAYCLIENT", "unset"), "");
  EXPECT_EQ(facts.environment.get("TCPREMOTEINFO"), "joe");
  EXPECT_EQ(facts.protocol(), "ESMTPA");
  facts.environment.set("SSL_PROTOCOL", "TLSv1.3");
  EXPECT_EQ(facts.protocol(), "ESMTPSA");
}

TEST(ServerHook, WhoMayRelayAnywayKeepsWhatStandsBehindItsRecipients) {
  Facts facts{.environment = {{"RELAYCLIENT", ".suffix"}}, .terms = {.relay_suffix = ".suffix"}};
  Admission(facts).admit("joe");
  EXPECT_EQ(facts.terms.relay_suffix, ".suffix");
  EXPECT_EQ(facts.environment.get("RELAYCLIENT"), ".suffix");
}

TEST(Reply, EachLineOfItsTextIsALineOfTheReply) {
  EXPECT_EQ(encode({250, "ok"}), "250 ok\r\n");
  EXPECT_EQ(encode({250, ""}), "250 \r\n");
  EXPECT_EQ(encode({250, "a\nb\nc"}), "250-a\r\n250-b\r\n250 c\r\n");
}

}  // namespace
}  // namespace qmail::smtpd
