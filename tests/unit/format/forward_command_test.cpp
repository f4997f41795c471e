#include "core/format/forward_command.h"

#include <gtest/gtest.h>

namespace qmail {
namespace {

using Kind = ForwardCommand::Kind;
using namespace std::string_view_literals;

TEST(ForwardCommand, IsKnownByItsFirstByte) {
  EXPECT_EQ(forward_command_kind("&a@b"), Kind::recipient);
  EXPECT_EQ(forward_command_kind("/l"), Kind::list);
  EXPECT_EQ(forward_command_kind("./l"), Kind::list);
  EXPECT_EQ(forward_command_kind("|p"), Kind::program);
  EXPECT_EQ(forward_command_kind("!p"), Kind::headed_program);
  EXPECT_EQ(forward_command_kind("a@b"), Kind::unknown);
  EXPECT_EQ(forward_command_kind(""), Kind::unknown);
  EXPECT_EQ(forward_command_kind("&" + std::string(898, 'a')), Kind::recipient);
  EXPECT_EQ(forward_command_kind("&" + std::string(899, 'a')), Kind::unknown);
}

TEST(ForwardCommand, IsTakenUpToItsNul) {
  std::string_view data = "&a@b\0\0&cut"sv;
  EXPECT_EQ(take_forward_command(data)->text, "&a@b");
  EXPECT_EQ(take_forward_command(data)->text, "");
  EXPECT_FALSE(take_forward_command(data));
  EXPECT_EQ(data, "&cut");
}

TEST(ForwardCommand, HasAKeyInLowerCase) { EXPECT_EQ(forward_key(':', "Ann@X.Example"), ":ann@x.example"); }

}  // namespace
}  // namespace qmail
