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
  EXPECT_EQ(request_bytes({.slot = 300, .message = "19/457", .sender = "a@b", .recipients = {"c@d", "e@f"}}),
            "\x2c\x01"
            "19/457\0a@b\0c@d\0e@f\0\0"sv);
}

TEST(DeliveryProtocol, ReadsRequestsThatArriveInPiecesOfAnySize) {
  const std::string bytes =
      request_bytes({.slot = 0, .message = "19/457", .sender = "", .recipients = {"c@d", "e@f"}}) +
      request_bytes({.slot = 513, .message = "+0/23", .sender = "a", .recipients = {"e@f"}});
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    const auto requests = read_in_pieces(bytes, piece);
    ASSERT_EQ(requests.size(), 2U) << piece;
    EXPECT_EQ(requests[0].slot, 0);
    EXPECT_EQ(requests[0].message, "19/457");
    EXPECT_FALSE(is_passed(requests[0].message));
    EXPECT_EQ(requests[0].sender, "");
    EXPECT_EQ(requests[0].recipients, (std::vector<std::string>{"c@d", "e@f"}));
    EXPECT_EQ(requests[1].slot, 513);
    EXPECT_TRUE(is_passed(requests[1].message));
    EXPECT_EQ(requests[1].recipients, std::vector<std::string>{"e@f"});
  }
}

TEST(DeliveryProtocol, ReadsARequestWithoutRecipientsAsOne) {
  const auto requests = read_in_pieces(std::string(100, '\0'), 3);
  ASSERT_EQ(requests.size(), 20U);
  EXPECT_EQ(requests[0].message, "");
  EXPECT_TRUE(requests[0].recipients.empty());
}

TEST(DeliveryProtocol, TellsOfARequestThatIsTooLongToKeepAndReadsTheNext) {
  const std::string bytes =
      request_bytes(
          {.slot = 7, .message = "0/23", .sender = std::string(100000, 's'), .recipients = {"c@d"}}) +
      request_bytes({.slot = 8, .message = "0/23", .sender = "a", .recipients = {"c@d"}});
  const auto requests = read_in_pieces(bytes, 4096);
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_TRUE(requests[0].overlong);
  EXPECT_EQ(requests[0].slot, 7);
  EXPECT_FALSE(requests[1].overlong);
  EXPECT_EQ(requests[1].sender, "a");
}

TEST(DeliveryProtocol, KeepsABoundedPartOfAListThatDoesNotEnd) {
  const std::vector<std::string> recipients(1000000, "c@d");
  const std::string bytes = request_bytes({.slot = 7, .message = "0/23", .recipients = recipients}) +
                            request_bytes({.slot = 8, .message = "0/23", .recipients = {"c@d"}});
  const auto requests = read_in_pieces(bytes, 4096);
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_TRUE(requests[0].overlong);
  EXPECT_LT(requests[0].recipients.size(), 40000U);
  EXPECT_FALSE(requests[1].overlong);
}

TEST(DeliveryProtocol, ReportsWithATextForEachRecipient) {
  const std::string bytes = report_bytes({.slot = 2, .texts = {"Kok\n", "", "Dno\n"}});
  EXPECT_EQ(bytes, "\x02\0Kok\n\0?\0Dno\n\0\0"sv);
  ReportReader reader;
  std::string_view in = bytes;
  const auto report = reader.take(in);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->texts, (std::vector<std::string>{"Kok\n", "?", "Dno\n"}));
}

TEST(DeliveryProtocol, CutsReportsThatAreTooLong) {
  const std::string bytes = report_bytes({.slot = 65534, .texts = {"D" + std::string(20000, 'x')}}) +
                            report_bytes({.slot = 1, .texts = {"Kok\n"}});
  ReportReader reader;
  std::string_view in = bytes;
  const auto first = reader.take(in);
  const auto second = reader.take(in);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->slot, 65534);
  EXPECT_EQ(first->texts.front().size(), 10000U);
  EXPECT_EQ(second->texts, std::vector<std::string>{"Kok\n"});
  EXPECT_FALSE(reader.take(in));
}

TEST(DeliveryProtocol, AnnouncesMoreThan255) {
  EXPECT_EQ(announcement(1000), "\xe8\x03"sv);
  EXPECT_EQ(parse_announcement("\xe8\x03"), 1000);
  EXPECT_FALSE(parse_announcement("\xe8"));
}

}  // namespace
}  // namespace qmail::queue
