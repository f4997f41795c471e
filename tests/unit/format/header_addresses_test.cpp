#include "core/format/header_addresses.h"

#include <gtest/gtest.h>

namespace qmail::header {
namespace {

struct Result {
  std::string field;                   ///< as printed, without its newline; "bad" on bad syntax
  std::vector<std::string> addresses;  ///< as handed over
};

/// Each address is rewritten to itself with "." behind it.
Result rewritten(std::string_view list) {
  Result result{"bad", {}};
  const auto tokens = parse_tokens("To: " + std::string(list));
  if (!tokens) return result;
  const auto field = rewrite_addresses(*tokens, [&](Tokens& address) {
    result.addresses.push_back(envelope_address(address));
    address.push_back({Kind::dot});
  });
  if (!field) return result;
  result.field = print_tokens(*field);
  result.field.pop_back();
  return result;
}

using Addresses = std::vector<std::string>;

struct Case {
  std::string_view list;
  std::string field;
  Addresses addresses;
};

TEST(HeaderAddresses, AreHandedOverLastToFirst) {
  for (const auto& [list, field, addresses] :
       {Case{"", "To:", {}},
        {"a@b, c@d", "To: a@b., c@d.", {"c@d", "a@b"}},
        {"a@b (A), c@d", "To: a@b.(A), c@d.", {"c@d", "a@b"}},
        {"(x) a (y) @ b", "To: a@b.(x) (y)", {"a@b"}},
        {"Joe <a@b>", "To: Joe <a@b.>", {"a@b"}},
        {"Joe Q. \"X\" (c) <a>", "To: Joe Q.\"X\" (c) <a.>", {"a"}},
        {"<>", "To: <.>", {""}},
        {",,", "To: , ,", {}},
        {"<@x,@y:a@b>", "To: <@x, @y: a@b.>", {"@x,@y:a@b"}},
        {"group: a, b; , c", "To: group: a., b.;, c.", {"c", "b", "a"}},
        {"nobody:;", "To: nobody: ;", {}}}) {
    const Result result = rewritten(list);
    EXPECT_EQ(result.field, field) << list;
    EXPECT_EQ(result.addresses, addresses) << list;
  }
}

TEST(HeaderAddresses, AreSeparatedWhereTheAuthorForgotTheComma) {
  for (const auto& [list, field, addresses] : {Case{"a b", "To: a., b.", {"b", "a"}},
                                               {"a@b c@d", "To: a@b., c@d.", {"c@d", "a@b"}},
                                               {"<a> b", "To: <a.>, b.", {"b", "a"}},
                                               {"a.b c", "To: a.b., c.", {"c", "a.b"}}}) {
    const Result result = rewritten(list);
    EXPECT_EQ(result.field, field) << list;
    EXPECT_EQ(result.addresses, addresses) << list;
  }
}

TEST(HeaderAddresses, BeforeBadSyntaxAreNotHandedOver) {
  for (const auto& [list, addresses] : {std::pair<std::string_view, Addresses>{"a>", {"a"}},
                                        {"a: b, c", {"c", "b"}},
                                        {"x; a; b", {"b", "a"}}}) {
    const Result result = rewritten(list);
    EXPECT_EQ(result.field, "bad") << list;
    EXPECT_EQ(result.addresses, addresses) << list;
  }
}

TEST(HeaderAddresses, ToleratesAFieldWithoutName) {
  EXPECT_EQ(rewrite_addresses({}, [](Tokens&) {}), Tokens{});
  EXPECT_EQ(rewrite_addresses({{Kind::semicolon}}, [](Tokens&) {}), Tokens{{Kind::semicolon}});
}

}  // namespace
}  // namespace qmail::header
