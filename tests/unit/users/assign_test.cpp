#include "core/users/assign.h"

#include <gtest/gtest.h>

#include "core/format/cdb.h"

namespace qmail::users {
namespace {

using namespace std::string_literals;

constexpr std::string_view sample =
    "=joe:joe:1001:1002:/home/joe:::\n"
    "+joe-:joe:1001:1002:/home/joe:-::\n"
    "=Mixed.Case:mc:1003:1003:/home/mc:-:pre-:\n"
    "+List+:l:1:2:/l:+:x:\n"
    "+:alias:7790:2108:/var/qmail/alias:-::\n"
    "+Z:z:5:5:/z:-::\n"
    "xodd:o:5x:abc:/z:-::and:more\n"
    ".\n"
    "junk\n";

std::string cdb_of(std::string_view text) {
  return build_users_cdb(std::get<std::vector<Assignment>>(parse_assign(text))).value();
}

std::uint64_t fnv1a(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

UserRecord user_of(std::string_view cdb, std::string_view local) {
  const AssignedUser answer = find_assigned(cdb, local);
  if (const auto* record = std::get_if<UserRecord>(&answer)) return *record;
  return {.user = std::holds_alternative<DamagedCdb>(answer) ? "(damaged)" : "(none)"};
}

TEST(Assign, BuildsTheCdbThatStockBuilds) {
  // The hash of what notqmail's qmail-newu writes for this sample.
  EXPECT_EQ(fnv1a(cdb_of(sample)), 0x5a30b88796fae427U);
}

TEST(Assign, EndsTheCdbWithTheWildcardCharacters) {
  const std::string cdb = cdb_of(sample);
  std::string last_key = "none", last_data;
  CdbView(cdb).each([&](std::string_view key, std::string_view data) {
    last_key = key;
    last_data = data;
    return true;
  });
  EXPECT_EQ(last_key, "");
  EXPECT_EQ(last_data, "-+Z");
}

TEST(Assign, NamesTheLineThatIsWrong) {
  struct Row {
    std::string_view text;
    std::size_t line;
    std::string_view reason;
  };
  const std::string nul = "=a:a:1:1:/:::\n=b\0:b:1:1:/:::\n.\n"s;
  const Row rows[] = {
      {"", 1, "there is no line with a dot at the end"},
      {"=a:a:1:1:/:::\n", 2, "there is no line with a dot at the end"},
      {"=a:a:1:1:/:::", 1, "it has no newline"},
      {"=a:a:1:1:/::\n.\n", 1, "it has fewer than seven colons"},
      {"=a:a:1:1:/:::\n\n.\n", 2, "it does not start with = or +"},
      {":a:1:1:/:::\n.\n", 1, "it does not start with = or +"},
      {"=a:a:1:1:/:::\n# note\n.\n", 2, "it has no colon"},
      {nul, 2, "it has a NUL byte"},
  };
  for (const Row& row : rows) {
    const auto parsed = parse_assign(row.text);
    const auto* error = std::get_if<AssignError>(&parsed);
    ASSERT_NE(error, nullptr) << row.text;
    EXPECT_EQ(error->line, row.line) << row.text;
    EXPECT_EQ(error->reason, row.reason) << row.text;
  }
}

TEST(Assign, StopsAtADotEvenWithoutNewline) {
  EXPECT_TRUE(std::get<std::vector<Assignment>>(parse_assign(".")).empty());
  EXPECT_EQ(std::get<std::vector<Assignment>>(parse_assign("=a:a:1:1:/:::\n.x\nrest")).size(), 1U);
}

TEST(AssignLookup, IgnoresCaseButKeepsItInTheExtension) {
  const std::string cdb = cdb_of(sample);
  EXPECT_EQ(user_of(cdb, "JOE"), (UserRecord{"joe", 1001, 1002, "/home/joe", "", ""}));
  EXPECT_EQ(user_of(cdb, "Joe-Lists-QMail"),
            (UserRecord{"joe", 1001, 1002, "/home/joe", "-", "Lists-QMail"}));
  EXPECT_EQ(user_of(cdb, "mixed.case"), (UserRecord{"mc", 1003, 1003, "/home/mc", "-", "pre-"}));
  EXPECT_EQ(user_of(cdb, "list+New"), (UserRecord{"l", 1, 2, "/l", "+", "xNew"}));
}

TEST(AssignLookup, TriesBeginningsOnlyAtWildcardCharacters) {
  const std::string cdb = cdb_of("+abc:a:1:1:/a:-::\n+ab:b:2:2:/b:-::\n.\n");
  EXPECT_EQ(user_of(cdb, "abcd"), (UserRecord{"a", 1, 1, "/a", "-", "d"}));
  EXPECT_EQ(user_of(cdb, "abd"), (UserRecord{"b", 2, 2, "/b", "-", "d"}));
  EXPECT_EQ(user_of(cdb, "abc"), (UserRecord{"a", 1, 1, "/a", "-", ""}));
  EXPECT_EQ(user_of(cdb, "a").user, "(none)");
  // An upper-case wildcard character never meets a lower-cased local part; stock has the same trap.
  EXPECT_EQ(user_of(cdb_of(sample), "zebra").user, "alias");
}

TEST(AssignLookup, FallsBackToTheEmptyName) {
  const std::string cdb = cdb_of(sample);
  EXPECT_EQ(user_of(cdb, "joey"), (UserRecord{"alias", 7790, 2108, "/var/qmail/alias", "-", "joey"}));
  EXPECT_EQ(user_of(cdb, ""), (UserRecord{"alias", 7790, 2108, "/var/qmail/alias", "-", ""}));
  EXPECT_EQ(user_of(cdb_of("=a:a:1:1:/:::\n.\n"), "b").user, "(none)");
}

TEST(AssignLookup, CallsEveryShortenedCdbDamaged) {
  const std::string cdb = cdb_of(sample);
  for (std::size_t size = 0; size < cdb.size(); ++size)
    EXPECT_EQ(user_of(std::string_view(cdb).substr(0, size), "nobody").user, "(damaged)") << size;
}

TEST(AssignLookup, TakesALocalPartOfAnyLength) {
  const std::string longest(1 << 20, 'x');
  EXPECT_EQ(user_of(cdb_of(sample), "joe-" + longest).ext, longest);
}

TEST(UserRecord, ReadsWhatQmailGetpwWrites) {
  EXPECT_EQ(parse_user_record("joe\0001001\0001002\0/home/joe\0-\0ext\0"s),
            (UserRecord{"joe", 1001, 1002, "/home/joe", "-", "ext"}));
  EXPECT_EQ(parse_user_record("o\0005x\0abc\0/z\0\0\0rest"s), (UserRecord{"o", 5, 0, "/z", "", ""}));
}

TEST(UserRecord, RefusesMissingFieldsAndNumbersThatDoNotFit) {
  EXPECT_FALSE(parse_user_record(""));
  EXPECT_FALSE(parse_user_record("joe\0001001\0001002\0/home/joe\0-\0ext"s));
  EXPECT_FALSE(parse_user_record("joe\0004294967296\0001002\0/home/joe\0-\0ext\0"s));
  EXPECT_FALSE(parse_user_record("joe\0001\00018446744073709551616\0/home/joe\0-\0ext\0"s));
}

}  // namespace
}  // namespace qmail::users
