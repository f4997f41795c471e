#include "core/queue/link.h"

#include <gtest/gtest.h>
#include <string>

using namespace std::string_view_literals;
namespace link_ = qmail::queue::link;

namespace {

constexpr std::string_view envelope = "Fme@here.example\0Tyou@here.example\0Tthem@there.example\0"sv;

link_::New message() {
  return {.id = 457,
          .birth = 1795337104,
          .qp = 4194305,
          .uid = 1000,
          .size = 75,
          .replayed = true,
          .envelope = envelope};
}

template <typename Type, typename Packet>
Type as(const std::optional<Packet>& packet) {
  EXPECT_TRUE(packet && std::holds_alternative<Type>(*packet));
  return packet && std::holds_alternative<Type>(*packet) ? std::get<Type>(*packet) : Type{};
}

}  // namespace

TEST(Link, TellsOfANewMessage) {
  const std::string bytes = link_::packet(message());
  const auto got = as<link_::New>(link_::parse_notice(bytes));
  EXPECT_EQ(got.id, 457U);
  EXPECT_EQ(got.birth, 1795337104);
  EXPECT_EQ(got.qp, 4194305U);
  EXPECT_EQ(got.uid, 1000U);
  EXPECT_EQ(got.size, 75U);
  EXPECT_TRUE(got.replayed);
  EXPECT_EQ(got.envelope, envelope);
}

TEST(Link, HasTheBytesThatTheDocumentationShows) {
  EXPECT_EQ(link_::packet(link_::Notice(link_::Placed{.id = 457, .error = 28})),
            "\x06\xc9\x01\0\0\0\0\0\0\x1c\0\0\0"sv);
  EXPECT_EQ(link_::packet(link_::Order(link_::Outcome{.serial = 2, .id = 457, .index = 1, .text = "ok"})),
            "\0\2\0\0\0\0\0\0\0\xc9\1\0\0\0\0\0\0\1\0\0\0Kok"sv);
}

TEST(Link, GivesBackEveryNotice) {
  const std::string earlier =
      link_::packet(link_::Notice(link_::Earlier{.id = 1, .index = 2, .kind = 'D', .text = "no\0such"sv}));
  const auto got = as<link_::Earlier>(link_::parse_notice(earlier));
  EXPECT_EQ(got.index, 2U);
  EXPECT_EQ(got.kind, 'D');
  EXPECT_EQ(got.text, "no\0such"sv);
  as<link_::Live>(link_::parse_notice(link_::packet(link_::Notice(link_::Live{}))));
  as<link_::Drained>(link_::parse_notice(link_::packet(link_::Notice(link_::Drained{}))));
  const std::uint64_t large = ~std::uint64_t{0};
  EXPECT_EQ(
      as<link_::Written>(link_::parse_notice(link_::packet(link_::Notice(link_::Written{large})))).serial,
      large);
  EXPECT_EQ(as<link_::Synced>(link_::parse_notice(link_::packet(link_::Notice(link_::Synced{7})))).serial,
            7U);
  EXPECT_EQ(as<link_::Body>(link_::parse_notice(link_::packet(link_::Notice(link_::Body{7})))).id, 7U);
  EXPECT_EQ(as<link_::Leave>(link_::parse_notice(link_::packet(link_::Notice(link_::Leave{7})))).id, 7U);
  EXPECT_EQ(as<link_::Placed>(link_::parse_notice(link_::packet(link_::Notice(link_::Placed{7, 5})))).error,
            5U);
}

TEST(Link, GivesBackEveryOrderWithItsSerial) {
  const link_::Order orders[] = {link_::Outcome{.serial = 9, .id = 4, .index = 5, .kind = 'D', .text = "x"},
                                 link_::Ended{9, 4},
                                 link_::Place{9, 4},
                                 link_::Moved{9, 4},
                                 link_::Get{9, 4},
                                 link_::Drain{9}};
  for (const auto& order : orders) {
    const std::string bytes = link_::packet(order);
    const auto got = link_::parse_order(bytes);
    ASSERT_TRUE(got);
    EXPECT_EQ(got->index(), order.index());
    EXPECT_EQ(link_::serial_of(*got), 9U);
    EXPECT_EQ(link_::packet(*got), bytes);
  }
}

TEST(Link, TakesNothingThatIsCutOrTooLong) {
  const std::string place = link_::packet(link_::Order(link_::Place{9, 4}));
  for (std::size_t size = 0; size < place.size(); ++size)
    EXPECT_FALSE(link_::parse_order(std::string_view(place).substr(0, size))) << size;
  EXPECT_FALSE(link_::parse_order(place + "x"));
  EXPECT_FALSE(link_::parse_order("\x06"));
  EXPECT_FALSE(link_::parse_notice("\x08"));
  EXPECT_FALSE(link_::parse_notice(""));
}

TEST(Link, TakesNoOtherKindOfOutcomeThanSuccessAndPermanentFailure) {
  EXPECT_FALSE(link_::parse_order(link_::packet(link_::Order(link_::Outcome{.kind = 'Z'}))));
  EXPECT_FALSE(link_::parse_notice(link_::packet(link_::Notice(link_::Earlier{.kind = 'Z'}))));
}

TEST(Link, TakesNoMessageWithAMalformedEnvelope) {
  for (const auto bad : {""sv, "F"sv, "Fme"sv, "Tyou\0"sv, "Fme\0Tyou"sv, "Fme\0\0"sv, "Fme\0Xyou\0"sv}) {
    auto notice = message();
    notice.envelope = bad;
    EXPECT_FALSE(link_::parse_notice(link_::packet(notice))) << bad;
  }
  auto nobody = message();
  nobody.envelope = "F\0"sv;
  EXPECT_TRUE(link_::parse_notice(link_::packet(nobody)));
}
