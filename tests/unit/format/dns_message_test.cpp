#include "core/format/dns_message.h"

#include <gtest/gtest.h>

namespace qmail::dns {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

/// A reply to `query` with `flags`, `answers` as its count and `section` as its answer section.
std::string reply_to(const std::string& query, std::string_view flags, unsigned answers,
                     std::string_view section) {
  std::string reply = query.substr(0, 2) + std::string(flags) + std::string("\0\1\0", 3);
  reply += static_cast<char>(answers);
  reply += std::string(4, '\0') + query.substr(12);
  return reply.append(section);
}

std::string question(std::string_view name, Type type) { return *build_query(0x1234, name, type, false); }

constexpr std::string_view ok = "\x81\x80"sv;

TEST(DnsMessage, BuildsARecursiveQuery) {
  EXPECT_EQ(build_query(0x1234, "mx.Example.", Type::mx, false),
            std::string("\x12\x34\x01\x00\0\1\0\0\0\0\0\0\2mx\7Example\0\0\x0f\0\1"sv));
}

TEST(DnsMessage, AsksForAnswersOf1232Bytes) {
  const auto query = build_query(1, "a", Type::a, true);
  EXPECT_TRUE(query->ends_with("\0\0\x29\x04\xd0\0\0\0\0\0\0"sv));
  EXPECT_EQ(query->at(11), 1);
}

TEST(DnsMessage, RefusesNamesThatCannotExist) {
  const std::string long_label(64, 'a');
  std::string long_name;
  for (int i = 0; i < 128; ++i) long_name += "a.";
  for (const std::string& name : {std::string(), std::string("."), std::string("a..b"), std::string(".a"),
                                  long_label, long_name, std::string("a\\"), std::string("\\999")})
    EXPECT_FALSE(build_query(1, name, Type::a, false)) << name;
  EXPECT_TRUE(build_query(1, long_label.substr(1), Type::a, false));
  EXPECT_TRUE(build_query(1, long_name.substr(2), Type::a, false));
}

TEST(DnsMessage, KnowsWhoseReplyItIs) {
  const std::string query = question("a.example", Type::a);
  const std::string reply = reply_to(query, ok, 0, "");
  EXPECT_TRUE(is_reply_to(reply, query));
  EXPECT_TRUE(is_reply_to(reply_to(question("A.EXAMPLE", Type::a), ok, 0, ""), query));
  EXPECT_FALSE(is_reply_to(query, query));
  EXPECT_FALSE(is_reply_to(reply_to(question("b.example", Type::a), ok, 0, ""), query));
  EXPECT_FALSE(is_reply_to(reply_to(question("a.example", Type::aaaa), ok, 0, ""), query));
  EXPECT_FALSE(is_reply_to("\x12\x35" + reply.substr(2), query));
  EXPECT_FALSE(is_reply_to(reply.substr(0, reply.size() - 1), query));
  EXPECT_FALSE(is_reply_to("", query));
  EXPECT_TRUE(is_reply_to("\x12\x34\x81\x81\0\0\0\0\0\0\0\0"sv, query));
  EXPECT_FALSE(is_reply_to("\x12\x34\x81\x80\0\0\0\0\0\0\0\0"sv, query));
}

TEST(DnsMessage, ReadsEveryTypeItNames) {
  const auto message =
      parse_message(reply_to(question("x", Type::a), ok, 7,
                             "\1x\0\0\1\0\1\0\0\0\0\0\4\xc0\0\2\1"
                             "\xc0\x0c\0\x1c\0\1\0\0\0\0\0\x10\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"
                             "\xc0\x0c\0\5\0\1\0\0\0\0\0\3\1y\0"
                             "\xc0\x0c\0\x0f\0\1\0\0\0\0\0\4\1\2\xc0\x0c"
                             "\xc0\x0c\0\x10\0\1\0\0\0\0\0\6\2ab\2cd"
                             "\xc0\x0c\0\x0c\0\1\0\0\0\0\0\5\3a.\0\0"
                             "\xc0\x0c\0\2\0\1\0\0\0\0\0\1\0"sv));
  ASSERT_TRUE(message);
  ASSERT_EQ(message->answers.size(), 6u);
  EXPECT_EQ(message->answers[0].address.text(), "192.0.2.1");
  EXPECT_EQ(message->answers[0].owner, "x");
  EXPECT_EQ(message->answers[1].address.text(), "2001:db8::1");
  EXPECT_EQ(message->answers[2].text, "y");
  EXPECT_EQ(message->answers[3].preference, 258u);
  EXPECT_EQ(message->answers[3].text, "x");
  EXPECT_EQ(message->answers[4].text, "abcd");
  EXPECT_EQ(message->answers[5].text, "a\\.\\000");
}

TEST(DnsMessage, AsksAgainForAnEscapedNameByItsBytes) {
  const auto query = build_query(1, "a\\.\\000", Type::a, false);
  EXPECT_EQ(query->substr(12), std::string("\3a.\0\0\0\1\0\1"sv));
}

TEST(DnsMessage, RefusesWhatIsCutShortOrLoops) {
  const std::string query = question("x", Type::a);
  const std::string whole = reply_to(query, ok, 1, "\xc0\x0c\0\1\0\1\0\0\0\0\0\4\xc0\0\2\1"sv);
  ASSERT_TRUE(parse_message(whole));
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(parse_message(whole.substr(0, size))) << size;
  constexpr std::string_view rest = "\0\1\0\1\0\0\0\0\0\4\xc0\0\2\1"sv;
  for (const std::string_view name : {"\xc0\x13"sv, "\xc0\x20"sv, "\xff\xff"sv, "\x40"sv, "\1a\xc0\x13"sv})
    EXPECT_FALSE(parse_message(reply_to(query, ok, 1, std::string(name).append(rest))));
}

TEST(DnsMessage, RefusesARecordThatDisagreesWithItsLength) {
  const std::string query = question("x", Type::a);
  for (const std::string_view record :
       {"\xc0\x0c\0\1\0\1\0\0\0\0\0\3\xc0\0\2\1"sv, "\xc0\x0c\0\1\0\1\0\0\0\0\0\5\xc0\0\2\1\1"sv,
        "\xc0\x0c\0\5\0\1\0\0\0\0\0\3\xc0\x0c\0"sv, "\xc0\x0c\0\x10\0\1\0\0\0\0\0\2\5abcde"sv})
    EXPECT_FALSE(parse_message(reply_to(query, ok, 1, record)));
}

TEST(DnsMessage, FollowsAliasesAndIgnoresOtherNames) {
  const Message message{.name = "a",
                        .answers = {{.owner = "c", .type = Type::a, .address = *Ip::parse("192.0.2.1")},
                                    {.owner = "A", .type = Type::cname, .text = "b"},
                                    {.owner = "x", .type = Type::a, .address = *Ip::parse("192.0.2.2")},
                                    {.owner = "b", .type = Type::cname, .text = "C"}}};
  const Resolved resolved = follow(message, Type::a);
  EXPECT_EQ(resolved.name, "C");
  ASSERT_EQ(resolved.records.size(), 1u);
  EXPECT_EQ(resolved.records[0].address.text(), "192.0.2.1");
}

TEST(DnsMessage, LeavesARingOfAliases) {
  const Message message{.name = "a",
                        .answers = {{.owner = "a", .type = Type::cname, .text = "b"},
                                    {.owner = "b", .type = Type::cname, .text = "a"}}};
  EXPECT_TRUE(follow(message, Type::a).records.empty());
}

/// A no to `query` with one record of the authority section.
std::string no_with(const std::string& query, std::string_view record) {
  std::string reply = reply_to(query, "\x81\x83"sv, 0, record);
  reply[9] = 1;
  return reply;
}

TEST(DnsMessage, KnowsHowLongAnAnswerMayBeKept) {
  const std::string query = question("x", Type::txt);
  const auto message = parse_message(reply_to(query, ok, 3,
                                              "\xc0\x0c\0\5\0\1\0\0\1\0\0\3\1y\0"
                                              "\1y\0\0\x10\0\1\0\0\2\0\0\2\1a"
                                              "\1y\0\0\x10\0\1\0\0\3\0\0\2\1b"sv));
  ASSERT_TRUE(message);
  EXPECT_EQ(message->answers[1].ttl, 512U);
  EXPECT_EQ(follow(*message, Type::txt).ttl, 256U);
  const auto odd = parse_message(reply_to(query, ok, 1, "\xc0\x0c\0\x10\0\1\xff\0\0\0\0\2\1a"sv));
  EXPECT_EQ(follow(*odd, Type::txt).ttl, 0U);
}

TEST(DnsMessage, KnowsHowLongANoMayBeKept) {
  const std::string query = question("x", Type::txt);
  const std::string soa = "\0\0\6\0\1\0\0\2\0\0\x18\1m\0\0"s + std::string(16, '\0');
  const auto seconds = [&](const std::string& record) {
    const auto message = parse_message(no_with(query, record));
    return message ? message->negative_ttl : 99U;
  };
  EXPECT_EQ(seconds(soa + "\0\0\0\x1e"s), 30U);
  EXPECT_EQ(seconds(soa + "\0\0\3\0"s), 512U);
  // Something else, or cut short: the answer stands, and is not kept.
  EXPECT_EQ(seconds("\0\0\2\0\1\0\0\2\0\0\1\0"s), 0U);
  EXPECT_EQ(seconds(soa + "\0\0"s), 0U);
  EXPECT_EQ(seconds(""), 0U);
}

TEST(DnsMessage, TurnsAddressesRound) {
  EXPECT_EQ(reverse_labels(*Ip::parse("192.0.2.1")), "1.2.0.192.");
  EXPECT_EQ(reverse_name(*Ip::parse("192.0.2.1")), "1.2.0.192.in-addr.arpa");
  EXPECT_EQ(reverse_name(*Ip::parse("2001:db8::1")),
            "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
}

}  // namespace
}  // namespace qmail::dns
