#include "core/queue/delivery_protocol.h"

#include <gtest/gtest.h>

namespace qmail::queue {
namespace {

using namespace std::string_view_literals;

std::vector<DeliveryRequest> read_in_pieces(std::string_view bytes, std::size_t piece) {
  RequestReader reader;
  std::vector<DeliveryRequest> requests;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    std::string_view in = bytes.substr(0, piece);
    while (auto request = reader.take(in)) requests.push_back(std::move(*request));
  }
  return requests;
}

TEST(DeliveryProtocol, WritesARequestAsItsPageSays) {
  EXPECT_EQ(request_bytes({.slot = 300, .message = "19/457", .sender = "a@b", .recipient = "c@d"}),
            "\x2c\x01"
            "19/457\0a@b\0c@d\0"sv);
}

TEST(DeliveryProtocol, ReadsRequestsThatArriveInPiecesOfAnySize) {
  const std::string bytes =
      request_bytes({.slot = 0, .message = "19/457", .sender = "", .recipient = "c@d"}) +
      request_bytes({.slot = 513, .message = "0/23", .sender = "a", .recipient = "e@f"});
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    const auto requests = read_in_pieces(bytes, piece);
    ASSERT_EQ(requests.size(), 2U) << piece;
    EXPECT_EQ(requests[0].slot, 0);
    EXPECT_EQ(requests[0].message, "19/457");
    EXPECT_EQ(requests[0].sender, "");
    EXPECT_EQ(requests[0].recipient, "c@d");
    EXPECT_EQ(requests[1].slot, 513);
    EXPECT_EQ(requests[1].recipient, "e@f");
  }
}

TEST(DeliveryProtocol, TellsOfARequestThatIsTooLongToKeepAndReadsTheNext) {
  const std::string bytes =
      request_bytes({.slot = 7, .message = "0/23", .sender = std::string(100000, 's'), .recipient = "c@d"}) +
      request_bytes({.slot = 8, .message = "0/23", .sender = "a", .recipient = "c@d"});
  const auto requests = read_in_pieces(bytes, 4096);
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_TRUE(requests[0].overlong);
  EXPECT_EQ(requests[0].slot, 7);
  EXPECT_FALSE(requests[1].overlong);
  EXPECT_EQ(requests[1].sender, "a");
}

TEST(DeliveryProtocol, CutsReportsThatAreTooLong) {
  const std::string bytes = report_bytes({.slot = 65534, .text = "D" + std::string(20000, 'x')}) +
                            report_bytes({.slot = 1, .text = "Kok\n"});
  ReportReader reader;
  std::string_view in = bytes;
  const auto first = reader.take(in);
  const auto second = reader.take(in);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->slot, 65534);
  EXPECT_EQ(first->text.size(), 10000U);
  EXPECT_EQ(second->text, "Kok\n");
  EXPECT_FALSE(reader.take(in));
}

TEST(DeliveryProtocol, AnnouncesMoreThan255) {
  EXPECT_EQ(announcement(1000), "\xe8\x03"sv);
  EXPECT_EQ(parse_announcement("\xe8\x03"), 1000);
  EXPECT_FALSE(parse_announcement("\xe8"));
}

}  // namespace
}  // namespace qmail::queue
