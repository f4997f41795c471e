#include "ucspi/lib/ident.h"

#include <gtest/gtest.h>

namespace qmail::ucspi {
namespace {

TEST(Ident, AnAnswerNamesAUserOrNobody) {
  const std::vector<std::pair<std::string, std::optional<std::string>>> rows{
      {"6193, 23 : USERID : UNIX : stjohns\r\n", "stjohns"},
      {"6193,23:USERID:UNIX: a b\tc \r\nmore", "abc"},
      {"6193, 23 : USERID : UNIX : a:b\n", "a:b"},
      {"6193, 23 : ERROR : NO-USER\r\n", std::nullopt},
      {"6193, 23 : USERID : UNIX :\r\n", std::nullopt},
      {"", std::nullopt},
      {"x : y : z : " + std::string(900, 'u') + "\n", std::string(256, 'u')},
  };
  for (const auto& [answer, user] : rows) EXPECT_EQ(parse_ident(answer), user) << answer;
}

}  // namespace
}  // namespace qmail::ucspi
