#include "ucspi/lib/block_lists.h"

#include <algorithm>
#include <gtest/gtest.h>

#include "core/base/program.h"
#include "tests/support/scripted_asker.h"
#include "ucspi/rblsmtpd/dialogue.h"

namespace qmail::ucspi {
namespace {

using test::ScriptedAsker;
using Strings = std::vector<std::string>;

constexpr const char* listed_client = "192.0.2.1";

std::string text_of(const Verdict& verdict) {
  return verdict.is_refused ? refusal_line(verdict) : verdict == Verdict{} ? "let in" : "odd";
}

/// What lists named by their letter say of the client: l lists it, n does not, f fails; "-r l1 -a n".
class ListsTest : public testing::Test {
 protected:
  static std::vector<BlockList> lists(Strings args) {
    args.push_back("program");
    return BlockOptions::parse(args).lists;
  }
  static dns::Lookup lookup_of(const BlockList& list) {
    if (list.base.starts_with('f')) return ScriptedAsker::failure();
    if (list.base.starts_with('n')) return ScriptedAsker::nothing();
    return list.allows || list.message ? ScriptedAsker::address() : ScriptedAsker::text("by " + list.base);
  }
  /// Asked in order, as stock does.
  static std::string one_after_the_other(const std::vector<BlockList>& lists) {
    std::vector<std::optional<dns::Lookup>> lookups(lists.size());
    for (std::size_t at = 0; at < lists.size(); ++at) {
      lookups[at] = lookup_of(lists[at]);
      if (const auto verdict = judge(lists, listed_client, lookups)) return text_of(*verdict);
    }
    return "undecided";
  }
  std::string say(const Strings& args) {
    const auto asked = lists(args);
    asker_ = {};
    for (const BlockList& list : asked) {
      const std::string type = list.allows || list.message ? "A " : "TXT ";
      asker_.script.push_back({type + "1.2.0.192." + list.base, lookup_of(list)});
    }
    return text_of(ask_lists(asked, listed_client, asker_));
  }
  ScriptedAsker asker_;
};

TEST_F(ListsTest, TheFirstThatKnowsTheClientDecides) {
  EXPECT_EQ(say({}), "let in");
  EXPECT_EQ(say({"-r", "n1", "-r", "n2"}), "let in");
  EXPECT_EQ(say({"-r", "n1", "-r", "l2", "-r", "l3"}), "451 by l2");
  EXPECT_EQ(say({"-b", "-r", "l1"}), "553 by l1");
  EXPECT_EQ(say({"-a", "l1", "-r", "l2"}), "let in");
  EXPECT_EQ(say({"-r", "l2", "-a", "l1"}), "451 by l2");
  EXPECT_EQ(say({"-a", "n1", "-r", "l2"}), "451 by l2");
}

TEST_F(ListsTest, FlagsCountForWhatStandsBehindThem) {
  EXPECT_EQ(say({"-r", "l1", "-b"}), "451 by l1");
  EXPECT_EQ(say({"-b", "-r", "n1", "-B", "-r", "l2"}), "451 by l2");
  EXPECT_EQ(say({"-c", "-C", "-r", "f1"}), "let in");
}

TEST_F(ListsTest, AFailureIsOpenOrClosedAsAskedFor) {
  EXPECT_EQ(say({"-r", "f1"}), "let in");
  EXPECT_EQ(say({"-r", "f1", "-r", "l2"}), "451 by l2");
  EXPECT_EQ(say({"-b", "-r", "f1", "-r", "l2"}), "451 by l2");
  EXPECT_EQ(say({"-b", "-r", "l1", "-r", "f2"}), "553 by l1");
  EXPECT_EQ(say({"-c", "-b", "-r", "f1"}), "451 temporary RBL lookup error");
  EXPECT_EQ(say({"-a", "f1", "-r", "l2"}), "let in");
  EXPECT_EQ(say({"-c", "-b", "-a", "f1", "-r", "l2"}), "451 by l2");
  EXPECT_EQ(say({"-c", "-a", "f1", "-r", "n2"}), "let in");
}

TEST_F(ListsTest, AMessageStandsInForTheText) {
  EXPECT_EQ(say({"-r", "l1:go away, %IP%: 100% sure, %IP%"}), "451 go away, 192.0.2.1: 100% sure, 192.0.2.1");
  EXPECT_EQ(asker_.asked, Strings{"A 1.2.0.192.l1"});
  EXPECT_EQ(say({"-r", "n1:go away"}), "let in");
  EXPECT_EQ(say({"-r", "l1:", "-r", "l2"}), "451 by l2");
}

TEST_F(ListsTest, SeveralTextsAreOne) {
  dns::Lookup two = ScriptedAsker::text("one");
  two.records.push_back(ScriptedAsker::text(" two").records.front());
  asker_.script = {{"TXT 1.2.0.192.l", two}};
  EXPECT_EQ(text_of(ask_lists(lists({"-r", "l"}), listed_client, asker_)), "451 one two");
}

TEST_F(ListsTest, TheDecisionDoesNotDependOnWhichAnswerComesFirst) {
  const Strings pieces{"-r", "-a"}, bases{"l", "n", "f"};
  std::vector<Strings> all{{}};
  for (int list = 0; list < 3; ++list) {
    std::vector<Strings> longer;
    for (const Strings& shorter : all)
      for (const std::string& piece : pieces)
        for (const std::string& base : bases) {
          longer.push_back(shorter);
          longer.back().insert(longer.back().end(), {piece, base + std::to_string(list)});
        }
    all = std::move(longer);
  }
  for (const Strings& args : all)
    for (const char* flags : {"-BC", "-bC", "-Bc", "-bc"}) {
      Strings command = args;
      command.insert(command.begin(), flags);
      const auto asked = lists(command);
      const std::string wanted = one_after_the_other(asked);
      std::vector<std::size_t> order{0, 1, 2};
      do {
        std::vector<std::optional<dns::Lookup>> lookups(asked.size());
        std::optional<Verdict> verdict;
        for (std::size_t come = 0; come < order.size() && !verdict; ++come) {
          lookups[order[come]] = lookup_of(asked[order[come]]);
          verdict = judge(asked, listed_client, lookups);
        }
        ASSERT_TRUE(verdict);
        EXPECT_EQ(text_of(*verdict), wanted) << testing::PrintToString(command);
      } while (std::ranges::next_permutation(order).found);
    }
}

TEST_F(ListsTest, NobodyWaitsForWhatCannotMatterAnyMore) {
  const auto asked = lists({"-r", "l1", "-r", "n2", "-r", "n3"});
  asker_.script = {{"TXT 1.2.0.192.n2", ScriptedAsker::nothing()},
                   {"TXT 1.2.0.192.l1", ScriptedAsker::text("yes")},
                   {"TXT 1.2.0.192.n3", ScriptedAsker::nothing()}};
  EXPECT_EQ(text_of(ask_lists(asked, listed_client, asker_)), "451 yes");
  EXPECT_EQ(asker_.answered, 2U);
}

TEST(ListedLabels, AreThoseOfAnAddressOfEitherFamily) {
  EXPECT_EQ(listed_labels("192.0.2.1"), "1.2.0.192.");
  EXPECT_EQ(listed_labels("::ffff:192.0.2.1"), "1.2.0.192.");
  EXPECT_EQ(listed_labels("2001:db8:1:2:3:4:567:89ab"),
            "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.");
  EXPECT_EQ(listed_labels(""), "");
  EXPECT_EQ(listed_labels("one.two"), "two.one.");
}

TEST(GivenVerdict, IsWhatTheVariableSays) {
  const auto say = [](const char* words) {
    return text_of(verdict_of(Environment{{"RBLSMTPD", words}}).value());
  };
  EXPECT_FALSE(verdict_of(Environment{}));
  EXPECT_EQ(say(""), "let in");
  EXPECT_EQ(say("go away"), "451 go away");
  EXPECT_EQ(say("-go away"), "553 go away");
  EXPECT_EQ(say("-"), "553 ");
}

TEST(BlockOptions, AreReadAsStockDoes) {
  const auto options = BlockOptions::parse({"-t5x", "-r", "a", "-bc", "-ab", "-t", "7", "smtpd", "-r", "x"});
  EXPECT_EQ(options.timeout_seconds, 7U);
  ASSERT_EQ(options.lists.size(), 2U);
  EXPECT_FALSE(options.lists[0].bounces || options.lists[0].fails_closed || options.lists[0].allows);
  EXPECT_TRUE(options.lists[1].bounces && options.lists[1].fails_closed && options.lists[1].allows);
  EXPECT_EQ(options.program, (Strings{"smtpd", "-r", "x"}));
  EXPECT_EQ(BlockOptions::parse({"-t", "abc", "x"}).timeout_seconds, 0U);
  EXPECT_EQ(BlockOptions::parse({"-t", "99999999999", "x"}).timeout_seconds, 4294967295U);
  EXPECT_EQ(BlockOptions::parse({"x"}).timeout_seconds, 60U);
  for (const Strings& args : {Strings{}, Strings{"-b"}, Strings{"-r"}, Strings{"-z", "x"}})
    EXPECT_THROW(BlockOptions::parse(args), UsageError);
}

TEST(RefusalLine, IsShortAndPrintable) {
  EXPECT_EQ(refusal_line({.is_refused = true, .text = "a\r\n250 b\xc3\xa9\x7f~"}), "451 a??250 b???~");
  EXPECT_EQ(refusal_line({.is_refused = true, .text = std::string(1000, 'x')}).size(), 204U);
}

}  // namespace
}  // namespace qmail::ucspi
