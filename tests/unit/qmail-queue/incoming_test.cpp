#include "core/programs/qmail-queue/incoming.h"

#include <gtest/gtest.h>
#include <string>

using namespace std::string_literals;
using namespace std::string_view_literals;

namespace qmail::queue {
namespace {

using Status = Incoming::Status;

std::string message_of(const std::string& bytes) {
  return chunk_head(static_cast<std::uint32_t>(bytes.size())) + bytes + chunk_head(0);
}

Incoming arrived(const std::string& bytes) {
  Incoming incoming;
  incoming.take(bytes);
  return incoming;
}

std::string recipients(std::size_t count) {
  std::string envelope = "Fme\0"s;
  for (std::size_t i = 0; i < count; ++i) envelope += "Tyou\0"s;
  return envelope + '\0';
}

TEST(Incoming, IsCompleteWithTheEndOfItsEnvelope) {
  const std::string bytes = message_of("Hello\n") + "Fme\0Tyou\0\0and more"s;
  Incoming incoming;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    EXPECT_EQ(incoming.status() == Status::complete, at >= bytes.size() - 8) << at;
    incoming.take(bytes.substr(at, 1));
  }
  EXPECT_EQ(incoming.message(), "Hello\n");
  EXPECT_EQ(incoming.envelope(), "Fme\0Tyou\0"sv);
}

TEST(Incoming, IsRefusedForWhatIsNoEnvelope) {
  EXPECT_EQ(arrived(message_of("x") + "Tyou\0\0"s).status(), Status::refused);
  const auto long_sender = arrived(message_of("x") + "F" + std::string(1003, 'x'));
  EXPECT_EQ(long_sender.status(), Status::refused);
  EXPECT_EQ(long_sender.envelope_status(), EnvelopeScan::Status::address_too_long);
}

TEST(Incoming, IsTooLargeForTheLogBeyondAHundredRecipients) {
  EXPECT_EQ(arrived(message_of("x") + recipients(100)).status(), Status::complete);
  EXPECT_EQ(arrived(message_of("x") + recipients(101)).status(), Status::too_large);
}

TEST(Incoming, IsTooLargeForTheLogBeyondAQuarterOfAMegabyte) {
  EXPECT_EQ(arrived(message_of(std::string(256 << 10, 'x')) + recipients(1)).status(), Status::complete);
  EXPECT_EQ(arrived(message_of(std::string((256 << 10) + 1, 'x'))).status(), Status::too_large);
}

TEST(Incoming, KeepsAllThatCameForWhoeverGoesOn) {
  const auto large = arrived(message_of(std::string((256 << 10) + 1, 'x')) + "Fme\0Ty"s);
  EXPECT_EQ(large.message().size(), (256U << 10) + 1);
  EXPECT_EQ(large.raw_envelope(), "Fme\0Ty"sv);
  EXPECT_TRUE(large.scan().at_envelope());
}

}  // namespace
}  // namespace qmail::queue
