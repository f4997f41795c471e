#include "core/programs/qmail-inject/new_fields.h"

#include <gtest/gtest.h>

namespace qmail::inject {
namespace {

constexpr std::int64_t moment = 1795252747;  // 21 Nov 2026 09:19:07

Settings settings_of(const Environment& environment, std::optional<NoCaseMap> lists = std::nullopt) {
  return {.wishes = {std::string(environment.get("QMAILINJECT"))},
          .author = Author::from(environment),
          .completion = header::Completion("host.example", "domain.example", "plus.example"),
          .id_host = "id.example",
          .mailing_lists = std::move(lists),
          .now = moment,
          .pid = 4711};
}

TEST(NewFields, NameTheAuthorAsTheEnvironmentDoes) {
  const auto from = [](const Environment& environment) { return from_field(settings_of(environment)); };
  EXPECT_EQ(from({}), "From: anonymous@host.example\n");
  EXPECT_EQ(from({{"LOGNAME", "d"}}), "From: d@host.example\n");
  EXPECT_EQ(from({{"LOGNAME", "d"}, {"USER", "c"}}), "From: c@host.example\n");
  EXPECT_EQ(from({{"USER", "c"}, {"MAILUSER", "b"}}), "From: b@host.example\n");
  EXPECT_EQ(from({{"MAILUSER", "b"}, {"QMAILUSER", "a"}}), "From: a@host.example\n");
  EXPECT_EQ(from({{"USER", "joe"}, {"NAME", "Joe Q. Public"}}),
            "From: \"Joe Q. Public\" <joe@host.example>\n");
  EXPECT_EQ(from({{"USER", "joe"}, {"NAME", "Joe"}, {"QMAILINJECT", "c"}}), "From: joe@host.example (Joe)\n");
  EXPECT_EQ(from({{"USER", "joe"}, {"MAILHOST", "there"}}), "From: joe@there.domain.example\n");
  EXPECT_EQ(from({{"USER", "a b"}, {"QMAILHOST", "h+"}}), "From: \"a b\"@h.plus.example\n");
  EXPECT_EQ(from({{"USER", ""}}), "From: \"\"@host.example\n");
}

TEST(NewFields, TakeTheSenderFromTheAuthorUnlessToldOtherwise) {
  const auto sender = [](const Environment& environment) { return default_sender(settings_of(environment)); };
  EXPECT_EQ(sender({{"USER", "joe"}}), "joe@host.example");
  EXPECT_EQ(sender({{"USER", "joe"}, {"QMAILHOST", "there"}}), "joe@there.domain.example");
  EXPECT_EQ(sender({{"USER", "joe"}, {"QMAILSUSER", "list"}, {"QMAILSHOST", "lists+"}}),
            "list@lists.plus.example");
}

TEST(NewFields, PrepareTheSenderForVerp) {
  const auto sender = [](std::string_view letters) {
    return default_sender(settings_of({{"USER", "joe"}, {"QMAILINJECT", letters}}));
  };
  EXPECT_EQ(sender("r"), "joe-@host.example-@[]");
  EXPECT_EQ(sender("m"), "joe-1795252747.4711@host.example");
  EXPECT_EQ(sender("mr"), "joe-1795252747.4711-@host.example-@[]");
}

TEST(NewFields, ListFollowupAddressesOnlyForAMailingList) {
  const Settings settings = settings_of({}, NoCaseMap::of_lines({"list@x.example"}));
  EXPECT_EQ(mail_followup_to(settings, {"b c@x", "List@X.example"}),
            "Mail-Followup-To: List@X.example,\n  \"b c\"@x\n");
  EXPECT_EQ(mail_followup_to(settings, {"b@x"}), "");
  EXPECT_EQ(mail_followup_to(settings_of({}), {"list@x.example"}), "");
}

TEST(NewFields, EndAnEnvelopeAddressAtANul) {
  EXPECT_EQ(envelope_form({{header::Kind::atom, std::string("a\0T@b", 5)}}), "a");
}

}  // namespace
}  // namespace qmail::inject
