#include "core/programs/qlist/confirmation.h"

#include <gtest/gtest.h>

namespace qmail::qlist {
namespace {

constexpr std::string_view some_list = "me-list@x";
constexpr std::string_view some_key = "some key that nobody knows";
constexpr std::int64_t today = 1800000000;
constexpr std::int64_t day = 86400;

Confirmation issued(std::int64_t when = today) {
  Confirmation confirmation{.action = Action::subscribe, .issued = when, .address = "joe@y"};
  confirmation.proof = proof_of(confirmation, some_list, some_key);
  return confirmation;
}

TEST(QlistConfirmation, ComesBackAsItWasSent) {
  for (const std::string before : {"", "Re: ", "Re: confirm this: ", "confirm ", "AW: confirm confirm\n "}) {
    const auto found = find_confirmation(before + text_of(issued()) + " (was: hello)");
    ASSERT_TRUE(found) << before;
    EXPECT_EQ(found->address, "joe@y");
    EXPECT_TRUE(is_valid(*found, some_list, some_key, today)) << before;
  }
}

TEST(QlistConfirmation, IsNoneUnlessItHasAllItsParts) {
  const std::string proof(32, '0');
  for (const std::string& text :
       {std::string(), std::string("confirm"), "confirm subscribe 1." + proof,
        "confirm subscribe 1." + proof + " ", "confirm subscribe 1" + proof + " joe@y",
        "confirm subscribe 1." + proof + "0 joe@y", "confirm subscribe ." + proof + " joe@y",
        "confirm subscribe -1." + proof + " joe@y", "confirm subscribe 99999999999." + proof + " joe@y",
        "confirm please 1." + proof + " joe@y", "confirmed subscribe 1." + proof + " joe@y",
        " confirm subscribe 1." + proof + " joe@y"})
    EXPECT_FALSE(parse_confirmation(text)) << text;
  EXPECT_TRUE(parse_confirmation("Confirm\tSUBSCRIBE\r\n 1." + proof + " joe@y\r\n"));
}

TEST(QlistConfirmation, HoldsForAWeek) {
  EXPECT_TRUE(is_valid(issued(), some_list, some_key, today));
  EXPECT_TRUE(is_valid(issued(), some_list, some_key, today + 7 * day - 1));
  EXPECT_FALSE(is_valid(issued(), some_list, some_key, today + 7 * day));
  // Somebody may have set the clock back meanwhile.
  EXPECT_TRUE(is_valid(issued(), some_list, some_key, today - day));
}

TEST(QlistConfirmation, HoldsForNothingElse) {
  EXPECT_TRUE(is_valid(issued(), "Me-List@X", some_key, today));
  EXPECT_FALSE(is_valid(issued(), "me-other@x", some_key, today));
  EXPECT_FALSE(is_valid(issued(), some_list, "another key", today));
  Confirmation changed = issued();
  changed.action = Action::unsubscribe;
  EXPECT_FALSE(is_valid(changed, some_list, some_key, today));
  changed = issued();
  changed.address = "ann@y";
  EXPECT_FALSE(is_valid(changed, some_list, some_key, today));
  changed = issued();
  ++changed.issued;
  EXPECT_FALSE(is_valid(changed, some_list, some_key, today));
  changed = issued();
  changed.proof.back() = changed.proof.back() == '0' ? '1' : '0';
  EXPECT_FALSE(is_valid(changed, some_list, some_key, today));
}

}  // namespace
}  // namespace qmail::qlist
