#include "core/programs/qmail-qctl/selection.h"

#include <algorithm>
#include <gtest/gtest.h>

#include "tests/support/temp_home.h"

namespace qmail::qctl {
namespace {

using queue::Channel;
using queue::Number;

TEST(QctlUnits, AreSecondsAndBytes) {
  EXPECT_EQ(parse_seconds("90"), 90);
  EXPECT_EQ(parse_seconds("90s"), 90);
  EXPECT_EQ(parse_seconds("15m"), 900);
  EXPECT_EQ(parse_seconds("2h"), 7200);
  EXPECT_EQ(parse_seconds("1w"), 604800);
  EXPECT_EQ(parse_bytes("64k"), 65536U);
  EXPECT_EQ(parse_bytes("2M"), 2097152U);
  for (const char* bad : {"", "d", "1x", "1dd", "-1", " 1", "99999999999999999999", "9223372036854775807w"})
    EXPECT_FALSE(parse_seconds(bad)) << bad;
}

TEST(QctlPattern, OfWordsIsLikeTheWholeAddress) {
  const auto pattern = Pattern::parse("*@Spam.example");
  ASSERT_TRUE(pattern);
  EXPECT_TRUE(pattern->matches_address("x@spam.EXAMPLE"));
  EXPECT_FALSE(pattern->matches_address("x@spam.example.org"));
  EXPECT_FALSE(pattern->matches_address(""));
  EXPECT_TRUE(pattern->is_found_in("To: *@sPAM.example\n"));
  EXPECT_FALSE(pattern->is_found_in("To: x@spam.example\n"));
}

TEST(QctlPattern, OfAnExpressionIsFoundAnywhere) {
  const auto caseless = Pattern::parse("/^subject: .*win$/");
  const auto strict = Pattern::parse("/WIN/c");
  ASSERT_TRUE(caseless && strict);
  EXPECT_TRUE(caseless->is_found_in("From: a\nSubject: you WIN\nTo: b\n"));
  EXPECT_FALSE(caseless->is_found_in("From: a\nSubject: you WIN!\n"));
  EXPECT_TRUE(strict->matches_address("WINNER@here.example"));
  EXPECT_FALSE(strict->matches_address("winner@here.example"));
  EXPECT_TRUE(Pattern::parse("/^$/")->matches_address(""));
}

TEST(QctlPattern, IsNotEverything) {
  for (const char* bad : {"", "/(/", "//", "//c"}) EXPECT_FALSE(Pattern::parse(bad)) << bad;
  EXPECT_TRUE(Pattern::parse("/"));
  EXPECT_TRUE(Pattern::parse("/x"));
}

class QctlSelection : public testing::Test {
 protected:
  QctlSelection() {
    put(23, "Subject: cheap\nX: 1\n\nbuy now\n", "F", "", "Tjoe@far.example");
    put(24, "Subject: news\n\nsubject: nothing\n", "Fann@here.example", "Tbob@here.example",
        "Djoe@far.example");
    put(25, std::string(5000, 'x'), "FSpam@bad.example", "Tbob@virt.example", "Tjoe@other.example");
  }
  void put(Number number, const std::string& mess, const std::string& sender, const std::string& local,
           const std::string& remote) {
    const auto write = [&](queue::Part part, const std::string& bytes, bool is_record) {
      if (!bytes.empty()) home.write("queue/" + name_of(part, number), is_record ? bytes + '\0' : bytes);
    };
    write(queue::Part::mess, mess, false);
    write(queue::Part::info, sender, true);
    write(queue::Part::local, local, true);
    write(queue::Part::remote, remote, true);
  }
  std::vector<Number> selected(const Selection& selection) {
    std::vector<Number> numbers;
    visit_selected(
        layout, [] { return queue::Routing{}; }, selection, ::time(nullptr) + 100,
        [&](queue::view::Message& message) { numbers.push_back(message.number()); });
    std::sort(numbers.begin(), numbers.end());
    return numbers;
  }
  static std::vector<Pattern> like(const std::string& text) { return {*Pattern::parse(text)}; }
  using Numbers = std::vector<Number>;

  test::TempHome home;
  queue::Layout layout = home.queue();
};

TEST_F(QctlSelection, OfNothingIsEverything) {
  EXPECT_EQ(selected({}), (Numbers{23, 24, 25}));
  EXPECT_EQ(selected({.numbers = {25, 99, 23}}), (Numbers{23, 25}));
}

TEST_F(QctlSelection, LooksAtTheEnvelope) {
  EXPECT_EQ(selected({.senders = like("spam@*")}), (Numbers{25}));
  EXPECT_EQ(selected({.senders = like("/^$/")}), (Numbers{23}));
  EXPECT_EQ(selected({.recipients = like("joe@*")}), (Numbers{23, 25})) << "24's has got it";
  EXPECT_EQ(selected({.domains = {"FAR.example", "virt.example"}}), (Numbers{23, 25}));
  EXPECT_EQ(selected({.channel = Channel::local}), (Numbers{24, 25}));
  EXPECT_EQ(selected({.recipients = like("bob@*"), .channel = Channel::remote}), Numbers{});
}

TEST_F(QctlSelection, LooksAtAgeAndSize) {
  EXPECT_EQ(selected({.older_seconds = 50}), (Numbers{23, 24, 25}));
  EXPECT_EQ(selected({.older_seconds = 5000}), Numbers{});
  EXPECT_EQ(selected({.younger_seconds = 50}), Numbers{});
  EXPECT_EQ(selected({.larger_bytes = 5000}), (Numbers{25}));
  EXPECT_EQ(selected({.smaller_bytes = 4999}), (Numbers{23, 24}));
}

TEST_F(QctlSelection, LooksAtTheText) {
  EXPECT_EQ(selected({.headers = like("CHEAP")}), (Numbers{23}));
  EXPECT_EQ(selected({.headers = like("/^x: /")}), (Numbers{23}));
  EXPECT_EQ(selected({.headers = like("nothing")}), Numbers{}) << "that is in the body";
  EXPECT_EQ(selected({.bodies = like("subject: nothing")}), (Numbers{24}));
  EXPECT_EQ(selected({.headers = like("subject"), .bodies = like("buy")}), (Numbers{23}));
}

TEST_F(QctlSelection, AllThatIsSaidMustHold) {
  EXPECT_EQ(selected({.senders = like("*@here.example"), .headers = like("news")}), (Numbers{24}));
  EXPECT_EQ(selected({.numbers = {23}, .senders = like("*@here.example")}), Numbers{});
}

TEST_F(QctlSelection, OpensNoMoreThanItNeeds) {
  std::filesystem::remove(home.path() / "queue" / name_of(queue::Part::mess, 24));
  std::filesystem::remove(home.path() / "queue" / name_of(queue::Part::local, 24));
  EXPECT_EQ(selected({.senders = like("ann@*")}), (Numbers{24}));
}

}  // namespace
}  // namespace qmail::qctl
