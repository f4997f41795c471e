#include "core/queue/log/record.h"

#include <fstream>
#include <gtest/gtest.h>

namespace qmail::queue_log {
namespace {

constexpr Stamp stamp{.generation = 7, .secret = 0x1122334455667788};

/// "    010  c9 01 ...  text": the bytes of such lines, each at the place it names.
void take_dump_line(const std::string& line, std::string& bytes) {
  constexpr std::size_t digits_at = 9;
  constexpr std::size_t bytes_a_line = 16;
  const std::size_t at = std::stoul(line.substr(4, 3), nullptr, 16);
  bytes.resize(std::max(bytes.size(), at));
  for (std::size_t i = 0; i < bytes_a_line && line[digits_at + 3 * i] != ' '; ++i)
    bytes += static_cast<char>(std::stoul(line.substr(digits_at + 3 * i, 2), nullptr, 16));
}

/// The dumps of the log's example in docs/internals/queue.md, in order.
std::vector<std::string> dumps_of_the_page() {
  std::ifstream page(QUEUE_DOC);
  std::vector<std::string> dumps;
  bool in_example = false;
  bool in_dump = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("### ")) in_example = line == "### A worked example of the log";
    const bool is_dump = in_example && line.starts_with("    ");
    if (is_dump && !in_dump) dumps.emplace_back();
    if (is_dump) take_dump_line(line, dumps.back());
    in_dump = is_dump;
  }
  return dumps;
}

TEST(LogRecord, IsAsTheWorkedExampleShowsIt) {
  const auto dumps = dumps_of_the_page();
  ASSERT_EQ(dumps.size(), 3U);
  EXPECT_EQ(dumps[0], segment_header(3, stamp).substr(0, dumps[0].size()));
  EXPECT_EQ(segment_header(3, stamp).substr(page_bytes / 2, dumps[0].size()), dumps[0]);

  const auto message = parse_record_header(dumps[1]);
  ASSERT_TRUE(message);
  EXPECT_TRUE(is_whole(*message, dumps[1]));
  EXPECT_TRUE(has_tail(*message, dumps[1]));
  EXPECT_EQ(message->id, 457U);
  EXPECT_EQ(message->stamp, stamp);
  EXPECT_EQ(message->sequence, 1042U);
  EXPECT_EQ(message->durable, 1041U);
  EXPECT_EQ(message->origin.birth, 1795370704);
  EXPECT_EQ(message->origin.qp, 5000000U);
  EXPECT_EQ(message->origin.uid, 1000U);
  const StoredMessage stored = message_of(*message, dumps[1]);
  EXPECT_EQ(stored.envelope, std::string_view("Fme@here.example\0Tyou@there.example\0", 36));
  EXPECT_TRUE(stored.body.starts_with("Received: (qmail 5000000 invoked by uid 1000); "));
  EXPECT_TRUE(stored.body.ends_with("\nSubject: hello\n\nHi.\n"));

  const auto outcome = parse_record_header(dumps[2]);
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(is_whole(*outcome, dumps[2]));
  EXPECT_TRUE(has_tail(*outcome, dumps[2]));
  EXPECT_EQ(outcome->kind, Kind::outcome);
  EXPECT_EQ(outcome->how, 'K');
  EXPECT_EQ(outcome->detail, 0U);
  EXPECT_EQ(payload_of(*outcome, dumps[2]), "did 1+0+0\n");
}

RecordHeader header_of(std::size_t payload_bytes) {
  return {.kind = Kind::outcome,
          .how = 'D',
          .payload_bytes = static_cast<std::uint32_t>(payload_bytes),
          .detail = 3,
          .id = 457,
          .stamp = stamp,
          .sequence = 9};
}

std::string record_of(std::string_view payload) {
  std::string record;
  const RecordHeader header = header_of(payload.size());
  append_header(record, header, {&payload, 1});
  record += payload;
  append_tail(record, header);
  return record;
}

TEST(LogRecord, FillsWholeSectors) {
  for (const std::size_t size : {0U, 1U, 412U, 413U, 923U, 924U, 925U, 5000U}) {
    const std::string record = record_of(std::string(size, 'x'));
    EXPECT_EQ(record.size(), sectors_of(size) * sector_bytes) << size;
    const auto header = parse_record_header(record);
    ASSERT_TRUE(header) << size;
    EXPECT_TRUE(is_whole(*header, record));
    EXPECT_TRUE(has_tail(*header, record));
    EXPECT_TRUE(ends_record(record, stamp));
    EXPECT_EQ(payload_of(*header, record), std::string(size, 'x'));
  }
}

TEST(LogRecord, IsNotWholeWhereAnyBitIsWrongOrMissing) {
  const std::string record = record_of("no such user");
  const std::size_t used = record_header_bytes + std::string_view("no such user").size();
  for (std::size_t bit = 0; bit < used * 8; ++bit) {
    std::string wrong = record;
    wrong[bit / 8] = static_cast<char>(wrong[bit / 8] ^ (1 << (bit % 8)));
    const auto header = parse_record_header(wrong);
    EXPECT_FALSE(header && is_whole(*header, wrong)) << bit;
  }
  for (std::size_t size = 0; size < used; ++size) {
    const std::string_view cut = std::string_view(record).substr(0, size);
    const auto header = parse_record_header(cut);
    EXPECT_FALSE(header && is_whole(*header, cut)) << size;
  }
}

TEST(SegmentHeader, IsReadFromEitherCopy) {
  std::string page = segment_header(3, stamp);
  EXPECT_EQ(parse_segment_header(page, 3), stamp);
  EXPECT_EQ(parse_segment_header(page, 4), std::nullopt);
  page[20] = '!';
  EXPECT_EQ(parse_segment_header(page, 3), stamp);
  page[page_bytes / 2 + 20] = '!';
  EXPECT_EQ(parse_segment_header(page, 3), std::nullopt);
  EXPECT_EQ(parse_segment_header(std::string(page_bytes, '\0'), 3), std::nullopt);
  EXPECT_EQ(parse_segment_header("", 3), std::nullopt);
}

TEST(SegmentHeader, IsTheNewerCopyWhereTheyDiffer) {
  const Stamp newer{.generation = 8, .secret = 9};
  std::string page = segment_header(3, newer).substr(0, sector_bytes);
  page += segment_header(3, stamp).substr(sector_bytes);
  EXPECT_EQ(parse_segment_header(page, 3), newer);
}

}  // namespace
}  // namespace qmail::queue_log
