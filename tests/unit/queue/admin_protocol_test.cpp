#include "core/queue/admin_protocol.h"

#include <gtest/gtest.h>

namespace qmail::queue::admin {
namespace {

using namespace std::string_literals;

TEST(AdminProtocol, IsTheExampleOfTheManual) {
  const Request request{.operation = Operation::bounce,
                        .reason = "Spam",
                        .targets = {{.number = 457, .birth = 1795370704, .sender_sum = 0x04030201}}};
  const std::string bytes =
      "\x04\x04\x00Spam\xc9\x01\x00\x00\x00\x00\x00\x00\xd0\x2e\x03\x6b\x00\x00\x00\x00"
      "\x01\x02\x03\x04"s;
  EXPECT_EQ(packet(request), bytes);
  const auto parsed = parse_request(bytes);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->operation, Operation::bounce);
  EXPECT_EQ(parsed->reason, "Spam");
  EXPECT_EQ(parsed->targets, request.targets);
  EXPECT_EQ(packet(Reply{Result::done, Result::unknown}), "\x00\x03"s);
}

TEST(AdminProtocol, RefusesWhatIsNoRequest) {
  const std::string target(20, 'x');
  EXPECT_TRUE(parse_request("\x00\x00\x00"s + target));
  EXPECT_FALSE(parse_request(""));
  EXPECT_FALSE(parse_request("\x05\x00\x00"s + target)) << "no such operation";
  EXPECT_FALSE(parse_request("\x00\x00\x00"s)) << "no message";
  EXPECT_FALSE(parse_request("\x00\x00\x00"s + target + "x")) << "a message and a bit";
  EXPECT_FALSE(parse_request("\x04\x05\x00"s + "Spam")) << "a reason cut short";
  EXPECT_FALSE(parse_request("\x04\x01\x04"s + std::string(1025, 'x') + target)) << "a long reason";
  std::string many = "\x00\x00\x00"s;
  for (std::size_t count = 0; count < most_targets; ++count) many += target;
  EXPECT_TRUE(parse_request(many));
  EXPECT_FALSE(parse_request(many + target));
}

TEST(AdminProtocol, RefusesWhatIsNoReply) {
  EXPECT_EQ(parse_reply("\x00\x05"s), (Reply{Result::done, Result::trouble}));
  EXPECT_FALSE(parse_reply(""));
  EXPECT_FALSE(parse_reply("\x06"));
  EXPECT_FALSE(parse_reply(std::string(most_targets + 1, '\0')));
}

TEST(AdminProtocol, CallsOperationsAsTheManualPagesDo) {
  EXPECT_EQ(name_of(Operation::remove), "delete");
  EXPECT_EQ(name_of(Operation::bounce), "bounce");
}

}  // namespace
}  // namespace qmail::queue::admin
