#include "core/programs/qmail-send/routing.h"

#include <gtest/gtest.h>

namespace qmail::send {
namespace {

using queue::Channel;

Routing rules() {
  return {.locals = NoCaseMap::of_lines({"here.example", "other.here.example"}),
          .percenthack = NoCaseMap::of_lines({"here.example", "gate.example"}),
          .virtualdomains =
              NoCaseMap::of_pairs({"virt.example:joe", "box@mixed.example:box", ".sub.example:subs",
                                   "out.sub.example:", ":catch", "far.example:", "user@far.example:near"}),
          .envnoathost = "here.example"};
}

struct Case {
  std::string_view recipient;
  Channel channel;
  std::string_view address;
};

TEST(Routing, DecidesAsTheManualPageSays) {
  const Case cases[] = {
      {"me", Channel::local, "me@here.example"},
      {"me@HERE.example", Channel::local, "me@HERE.example"},
      {"me@far.example", Channel::remote, "me@far.example"},
      {"me@virt.example", Channel::local, "joe-me@virt.example"},
      {"box@mixed.example", Channel::local, "box-box@mixed.example"},
      {"BOX@Mixed.example", Channel::local, "box-BOX@Mixed.example"},
      // One address of a domain that is remote otherwise.
      {"user@far.example", Channel::local, "near-user@far.example"},
      {"a@b.sub.example", Channel::local, "subs-a@b.sub.example"},
      {"a@c.b.sub.example", Channel::local, "subs-a@c.b.sub.example"},
      {"a@sub.example", Channel::local, "catch-a@sub.example"},
      // An empty prefix is an exception to a shorter key.
      {"a@out.sub.example", Channel::remote, "a@out.sub.example"},
      {"a@anything", Channel::local, "catch-a@anything"},
      {"a@", Channel::local, "catch-a@"},
      // percenthack, once and again.
      {"a%far.example@here.example", Channel::remote, "a@far.example"},
      {"a%far.example%gate.example@here.example", Channel::remote, "a@far.example"},
      {"a%here.example@far.example", Channel::remote, "a%here.example@far.example"},
      {"a%here.example", Channel::local, "a@here.example"},
      {"%here.example@here.example", Channel::local, "@here.example"},
      {"x%y@z@here.example", Channel::local, "catch-x@y@z"},
      {"", Channel::local, "@here.example"},
  };
  const Routing routing = rules();
  for (const Case& c : cases) {
    const Route route = routing.route(c.recipient);
    EXPECT_EQ(route.channel, c.channel) << c.recipient;
    EXPECT_EQ(route.address, c.address) << c.recipient;
  }
}

TEST(Routing, TakesThePrefixOffForBounces) {
  const Routing routing = rules();
  EXPECT_EQ(routing.without_prefix("joe-me@virt.example"), "me@virt.example");
  EXPECT_EQ(routing.without_prefix("joe@virt.example"), "joe@virt.example");
  EXPECT_EQ(routing.without_prefix("jim-me@virt.example"), "jim-me@virt.example");
  EXPECT_EQ(routing.without_prefix("subs-a@b.sub.example"), "a@b.sub.example");
  EXPECT_EQ(routing.without_prefix("me@out.sub.example"), "me@out.sub.example");
  EXPECT_EQ(routing.without_prefix("catch-a@anything"), "a@anything");
  EXPECT_EQ(routing.without_prefix("no host"), "no host");
}

TEST(Routing, ExpandsTheSenderForEachRecipient) {
  EXPECT_EQ(sender_for("list-@host-@[]", "box@rhost"), "list-box=rhost@host");
  EXPECT_EQ(sender_for("list-@host-@[]", "a@b@rhost"), "list-a@b=rhost@host");
  EXPECT_EQ(sender_for("list-@host-@[]", "no host"), "list-@host-@[]");
  EXPECT_EQ(sender_for("list-host-@[]", "box@rhost"), "list-host-@[]");
  EXPECT_EQ(sender_for("-@[]", "box@rhost"), "-@[]");
  EXPECT_EQ(sender_for("a@-@[]", "box@rhost"), "abox=rhost@");
  EXPECT_EQ(sender_for("#@[]", "box@rhost"), "#@[]");
  EXPECT_EQ(sender_for("", "box@rhost"), "");
}

TEST(Routing, SendsBouncesToTheListsOwner) {
  EXPECT_EQ(bounce_address("list-@host-@[]"), "list-@host");
  EXPECT_EQ(bounce_address("me@host"), "me@host");
  EXPECT_EQ(bounce_address("#@[]"), "#@[]");
}

}  // namespace
}  // namespace qmail::send
