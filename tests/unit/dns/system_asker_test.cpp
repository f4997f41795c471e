#include "core/dns/system_asker.h"

#include <map>

#include "tests/unit/dns/dns_test.h"

namespace qmail::dns {
namespace {

constexpr std::string_view patient = "nameserver 127.0.0.1\noptions timeout:30 attempts:5\n";

class SystemAskerTest : public DnsTest {
 protected:
  /// Asks for the texts of `names` until `enough` are known. Each with its first record, or what it was
  /// instead.
  std::map<std::string, std::string> ask(const std::vector<std::string>& names,
                                         std::string_view resolv_conf = patient, unsigned total_seconds = 3,
                                         std::size_t enough = 1000) {
    std::vector<Question> questions;
    for (const std::string& name : names) questions.push_back({name, Type::txt});
    std::map<std::string, std::string> answers;
    const Moment start = clock_.moment();
    SystemAsker(clock_, sources(resolv_conf, total_seconds))
        .ask(questions, [&](std::size_t which, const Lookup& lookup) {
          const char* const outcomes[] = {"found", "no such name", "no such record", "failed"};
          answers[names[which]] = lookup.records.empty() ? outcomes[static_cast<int>(lookup.outcome)]
                                                         : lookup.records.front().text;
          seconds_[names[which]] = lookup.ttl;
          return answers.size() < enough;
        });
    const Moment end = clock_.moment();
    milliseconds_ = (end.seconds - start.seconds) * 1000 + (end.microseconds - start.microseconds) / 1000;
    return answers;
  }

  std::map<std::string, std::uint32_t> seconds_;
  std::int64_t milliseconds_ = 0;
};

TEST_F(SystemAskerTest, AsksAllAtTheSameTime) {
  std::string zone;
  std::vector<std::string> names;
  for (int i = 0; i < 20; ++i) {
    names.push_back("n" + std::to_string(i) + ".example");
    zone += names.back() + " DELAY 0.5\n" + names.back() + " TXT text " + std::to_string(i) + "\n";
  }
  serve(zone);
  const auto answers = ask(names);
  ASSERT_EQ(answers.size(), names.size());
  EXPECT_EQ(answers.at("n7.example"), "text 7");
  EXPECT_LT(milliseconds_, 2500);
}

TEST_F(SystemAskerTest, TellsEachOutcome) {
  serve(
      "a.example TXT here\nb.example A 192.0.2.1\nfail.example SERVFAIL\nlong.example TRUNCATE\n"
      "long.example TXT long\nold.example NOEDNS\nold.example TXT old\nw.example CNAME a.example\n");
  const auto answers = ask({"a.example", "b.example", "c.example", "fail.example", "long.example",
                            "old.example", "w.example", "x..y"});
  EXPECT_EQ(answers, (std::map<std::string, std::string>{{"a.example", "here"},
                                                         {"b.example", "no such record"},
                                                         {"c.example", "no such name"},
                                                         {"fail.example", "failed"},
                                                         {"long.example", "long"},
                                                         {"old.example", "old"},
                                                         {"w.example", "here"},
                                                         {"x..y", "no such name"}}));
}

TEST_F(SystemAskerTest, AllTogetherTakeNoLongerThanOneMay) {
  serve(
      "a.example IGNORE\nb.example IGNORE\nc.example IGNORE\nd.example TXT here\nslow.example DELAY 3600\n");
  const auto answers = ask({"a.example", "b.example", "slow.example", "d.example", "c.example"}, patient, 1);
  EXPECT_EQ(answers, (std::map<std::string, std::string>{{"a.example", "failed"},
                                                         {"b.example", "failed"},
                                                         {"c.example", "failed"},
                                                         {"d.example", "here"},
                                                         {"slow.example", "failed"}}));
  EXPECT_GE(milliseconds_, 990);
  EXPECT_LT(milliseconds_, 2000);
}

TEST_F(SystemAskerTest, LeavesTheOthersWhenWhatCameIsEnough) {
  serve("a.example TXT here\nslow.example DELAY 3600\n");
  EXPECT_EQ(ask({"slow.example", "a.example"}, patient, 60, 1).size(), 1U);
  EXPECT_LT(milliseconds_, 10000);
}

TEST_F(SystemAskerTest, EachQuestionTurnsToTheNextServerForItself) {
  serve("a.example TXT here\nb.example TXT there\n");
  // Nobody listens at the first.
  const auto answers =
      ask({"a.example", "b.example"}, "nameserver 127.0.0.2\nnameserver ::1\noptions timeout:1\n");
  EXPECT_EQ(answers.at("a.example"), "here");
  EXPECT_EQ(answers.at("b.example"), "there");
}

TEST_F(SystemAskerTest, TellsHowLongAnAnswerMayBeKept) {
  serve("a.example TXT here\nno.example SOA 30\n");
  ask({"a.example", "b.no.example", "b.example"});
  EXPECT_EQ(seconds_.at("a.example"), 60U);
  EXPECT_EQ(seconds_.at("b.no.example"), 30U);
  EXPECT_EQ(seconds_.at("b.example"), 0U);
}

TEST_F(SystemAskerTest, OfNothingAsksNothing) { EXPECT_TRUE(ask({}).empty()); }

}  // namespace
}  // namespace qmail::dns
