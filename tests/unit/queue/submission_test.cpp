#include "core/queue/submission.h"

#include <gtest/gtest.h>
#include <string>

using namespace std::string_literals;
using namespace std::string_view_literals;
using namespace qmail::queue;

namespace {

/// The message and the envelope of a submission that arrives in pieces of `size` bytes.
std::pair<std::string, std::string> scan_in_pieces(std::string_view bytes, std::size_t size) {
  std::pair<std::string, std::string> found;
  SubmissionScan scan;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(size, bytes.size()))) {
    std::string_view piece = bytes.substr(0, size);
    for (auto run = scan.take(piece); !run.empty(); run = scan.take(piece)) found.first += run;
    if (scan.at_envelope()) found.second += piece;
  }
  return found;
}

}  // namespace

TEST(SubmissionScan, PutsTheMessageTogetherFromChunksInPiecesOfAnySize) {
  const std::string bytes = chunk_head(5) + "Hello" + chunk_head(2) + "!\n" + chunk_head(0) + "F\0Tyou\0\0"s;
  for (std::size_t size = 1; size <= bytes.size(); ++size) {
    const auto [message, envelope] = scan_in_pieces(bytes, size);
    EXPECT_EQ(message, "Hello!\n") << size;
    EXPECT_EQ(envelope, "F\0Tyou\0\0"sv) << size;
  }
}

TEST(SubmissionScan, TakesAnEmptyMessage) {
  const auto [message, envelope] = scan_in_pieces("\0\0\0\0F\0\0"sv, 3);
  EXPECT_EQ(message, "");
  EXPECT_EQ(envelope, "F\0\0"sv);
}

TEST(SubmissionScan, CountsChunksOfFourGigabytes) {
  SubmissionScan scan;
  std::string_view head = "\xff\xff\xff\xff"sv;
  EXPECT_EQ(scan.take(head), "");
  const std::string block(std::size_t{1} << 20, 'x');
  for (int i = 0; i < 4096; ++i) {
    std::string_view in = block;
    if (i == 4095) in.remove_suffix(1);
    EXPECT_EQ(scan.take(in).size(), i == 4095 ? block.size() - 1 : block.size());
  }
  std::string_view end = "\0\0\0\0F"sv;
  EXPECT_EQ(scan.take(end), "");
  EXPECT_TRUE(scan.at_envelope());
  EXPECT_EQ(end, "F");
}

TEST(SubmissionAnswer, IsACodeAndANumberOnALine) {
  EXPECT_EQ(answer_bytes({.code = 53, .qp = 4194305}), "\0654194305\n");
  const auto answer = parse_answer("\0004194305\n"sv);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->code, 0);
  EXPECT_EQ(answer->qp, 4194305U);
  for (const auto bad :
       {""sv, "\0"sv, "\0\n"sv, "\0001"sv, "\0x\n"sv, "\0001\n2"sv, "\00099999999999999999999\n"sv})
    EXPECT_FALSE(parse_answer(bad)) << bad;
}
