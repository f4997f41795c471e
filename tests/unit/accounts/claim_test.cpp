#include "core/accounts/claim.h"

#include <array>
#include <gtest/gtest.h>

#include "core/base/failure.h"
#include "core/base/fd.h"

namespace qmail::accounts {
namespace {

using namespace std::string_view_literals;

/// As "login|password|timestamp".
std::string parsed(std::string_view bytes) {
  const auto parts = parse_claim(bytes);
  if (!parts) return "none";
  return std::string(parts->login) + "|" + std::string(parts->password) + "|" + std::string(parts->timestamp);
}

TEST(Claim, HasALoginAPasswordAndMore) {
  const std::array<std::pair<std::string_view, std::string>, 11> table{{
      {"joe\0secret\0<1@host>\0"sv, "joe|secret|<1@host>"},
      {"joe\0secret\0<1@host>\0more\0"sv, "joe|secret|<1@host>"},
      {"joe\0secret\0<1@host>"sv, "joe|secret|<1@host>"},
      {"joe\0secret\0"sv, "joe|secret|"},
      {"joe\0\0\0"sv, "joe||"},
      {"\0secret\0"sv, "|secret|"},
      {"\0\0"sv, "||"},
      {"joe\0secret"sv, "none"},
      {"joe\0"sv, "none"},
      {"joe"sv, "none"},
      {""sv, "none"},
  }};
  for (const auto& [bytes, expected] : table) EXPECT_EQ(parsed(bytes), expected) << bytes;
}

TEST(Claim, IsWrittenAsItIsRead) {
  const Claim claim({.login = "joe", .password = "secret", .timestamp = "<1@host>"});
  EXPECT_EQ(claim.bytes(), "joe\0secret\0<1@host>\0"sv);
  EXPECT_EQ(parsed(claim.bytes()), "joe|secret|<1@host>");
}

/// What receive() makes of `size` bytes: how many there are then, or -1 if it refuses.
int received(std::size_t size) {
  Pipe pipe = Pipe::make();
  const std::string bytes(size, 'x');
  EXPECT_EQ(::write(pipe.write.get(), bytes.data(), size), static_cast<ssize_t>(size));
  pipe.write.close();
  Claim claim;
  const bool is_taken = claim.receive(pipe.read.get(), "descriptor 3");
  return is_taken ? static_cast<int>(claim.bytes().size()) : -static_cast<int>(claim.bytes().size()) - 1;
}

TEST(Claim, IsNotLongerThanTheInterfaceAllows) {
  EXPECT_EQ(received(0), 0);
  EXPECT_EQ(received(Claim::most_bytes), 512);
  EXPECT_EQ(received(Claim::most_bytes + 1), -1);
  EXPECT_EQ(received(Claim::most_bytes * 10), -1);
}

TEST(Claim, ThatCannotBeReadIsAFailure) {
  Claim claim;
  EXPECT_THROW(static_cast<void>(claim.receive(-1, "descriptor 3")), Failure);
}

TEST(Claim, IsGoneOnceForgotten) {
  Claim claim({.login = "joe", .password = "a password of some length", .timestamp = ""});
  const std::string_view before = claim.bytes();
  claim.forget();
  EXPECT_TRUE(claim.bytes().empty());
  EXPECT_EQ(std::string(before), std::string(before.size(), '\0'));
}

}  // namespace
}  // namespace qmail::accounts
