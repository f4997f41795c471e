#include <gtest/gtest.h>

#include "installer/dialogue/answers.h"
#include "installer/dialogue/phrases.h"

namespace qmail::dialogue {
namespace {

TEST(Answers, AreRead) {
  const auto parsed = parse_answers(
      R"({"role":"internet","hostname":"MX.example.org","domains":["Example.org","b.example"],"postmaster":"me@x.example","tls":true})",
      "f");
  ASSERT_TRUE(std::holds_alternative<Given>(parsed));
  const Answers answers = complete(std::get<Given>(parsed), "other.example");
  EXPECT_EQ(answers.host_name, "mx.example.org");
  EXPECT_EQ(answers.domains, (std::vector<std::string>{"example.org", "b.example"}));
  EXPECT_EQ(answers.postmaster, "me@x.example");
  EXPECT_TRUE(answers.tls);
}

TEST(Answers, HaveDefaults) {
  const Answers answers = complete(std::get<Given>(parse_answers("{}", "f")), "mx.example.org");
  EXPECT_EQ(answers.host_name, "mx.example.org");
  EXPECT_TRUE(answers.domains.empty());
  EXPECT_TRUE(answers.postmaster.empty());
  EXPECT_FALSE(answers.tls);
}

TEST(Answers, AMachineWithoutAFullNameGetsOne) {
  EXPECT_EQ(usable_name("vm"), "vm.localdomain");
  EXPECT_EQ(usable_name("not a name"), "localhost.localdomain");
  EXPECT_EQ(usable_name("mx.example.org"), "mx.example.org");
}

TEST(Answers, ThatMakeNoSenseAreRefused) {
  const std::pair<const char*, Text> rows[] = {
      {"", Text::answers_not_json},
      {"[]", Text::answers_not_json},
      {"{\"hostname\":\"a.b\"", Text::answers_not_json},
      {R"({"certificate":"acme"})", Text::answers_unknown_key},
      {R"({"Hostname":"a.b"})", Text::answers_unknown_key},
      {R"({"hostname":1})", Text::answers_not_text},
      {R"({"hostname":"short"})", Text::answers_bad_host_name},
      {R"({"hostname":"a.b\nc"})", Text::answers_bad_host_name},
      {R"({"domains":"example.org"})", Text::answers_not_list},
      {R"({"domains":[1]})", Text::answers_not_list},
      {R"({"domains":["a b"]})", Text::answers_bad_domain},
      {R"({"role":"backup"})", Text::answers_bad_role},
      {R"({"role":[]})", Text::answers_not_text},
      {R"({"tls":"yes"})", Text::answers_not_truth},
      {R"({"postmaster":""})", Text::answers_bad_postmaster},
      {R"({"postmaster":"|rm -rf /"})", Text::answers_bad_postmaster},
      {R"({"postmaster":"me@"})", Text::answers_bad_postmaster},
  };
  for (const auto& [text, why] : rows) {
    const auto parsed = parse_answers(text, "f");
    ASSERT_TRUE(std::holds_alternative<Message>(parsed)) << text;
    EXPECT_EQ(std::get<Message>(parsed).text, why) << text;
  }
}

TEST(Messages, FillInTheirPlaces) {
  EXPECT_EQ(say({Text::roll_back_later_first, {"A", "B"}}, Language::english),
            "transaction B came later than A\n  it may rest on it\n  roll back B first");
  EXPECT_EQ(say(transaction::AddGroup{"qmail", 999}, Language::japanese),
            "グループ qmail を追加する (gid 999)");
  EXPECT_EQ(say({Text::remove}, Language::english), "remove ");
}

TEST(Messages, SpeakTheLanguageOfTheEnvironment) {
  EXPECT_EQ(find_language({{"LANG", "ja_JP.UTF-8"}}), Language::japanese);
  EXPECT_EQ(find_language({{"LC_ALL", "C"}, {"LANG", "ja_JP.UTF-8"}}), Language::english);
  EXPECT_EQ(find_language({{"LC_ALL", ""}, {"LANG", "ja"}}), Language::japanese);
  EXPECT_EQ(find_language({}), Language::english);
}

TEST(Messages, HaveTheSamePlacesInBothLanguages) {
  for (const Phrase& phrase : phrases)
    for (const char* place : {"{0}", "{1}", "{2}", "{3}"})
      EXPECT_EQ(phrase.english.find(place) == std::string_view::npos,
                phrase.japanese.find(place) == std::string_view::npos)
          << phrase.english;
}

}  // namespace
}  // namespace qmail::dialogue
