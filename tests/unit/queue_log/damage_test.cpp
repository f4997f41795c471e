#include <gtest/gtest.h>
#include <map>

#include "core/queue/log/contents.h"
#include "core/queue/log/damaged.h"
#include "tests/support/log_work.h"

namespace qmail::queue_log {
namespace {

using test::LogOwner;

std::string body_of(char which) { return std::string(600, which) + "\n"; }

/// A small log of four commits: a, b and c, d, then outcomes; and what is in it.
class DamagedLog : public testing::Test {
 protected:
  static constexpr std::uint32_t segment_bytes = 32U << 10;

  DamagedLog() {
    EXPECT_EQ(owner.open(), "");
    EXPECT_TRUE(owner.provide());
    for (const std::string which : {"a", "bc", "d"}) {
      for (const char one : which) ids[one] = *owner.append(body_of(one));
      EXPECT_TRUE(owner.commit());
    }
    owner.log().outcome(ids['a'], 0, 'D', "no");
    owner.log().ended(ids['d']);
    EXPECT_TRUE(owner.commit());
    const auto place = owner.log().place_of(ids['a']);
    name = home.path() / "queue" / queue::segment_name(place->segment);
    first = place->sector * sector_bytes;
    good = test::TempHome::read_file(name);
    owner.close();
  }

  void write(const std::string& bytes) const { std::ofstream(name, std::ios::binary) << bytes; }
  void flip(std::size_t at) const {
    std::fstream segment(name, std::ios::in | std::ios::out | std::ios::binary);
    segment.seekg(static_cast<std::streamoff>(at));
    const char byte = static_cast<char>(segment.get() ^ (1 << (at % 8)));
    segment.seekp(static_cast<std::streamoff>(at));
    segment.put(byte);
  }
  std::size_t saved() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(damaged), std::filesystem::directory_iterator()));
  }

  test::TempHome home;
  const std::filesystem::path damaged = home.path() / "queue" / queue::damaged_folder;
  LogOwner owner{home.path(), segment_bytes};
  std::map<char, Number> ids;
  std::filesystem::path name;
  std::string good;
  std::size_t first = 0;
};

/// Which messages are live, and what is known of them: "a!bc" when a has its outcome.
std::string live(const Contents& contents) {
  std::string result;
  for (const Number id : oldest_of(contents.live, contents.segments, contents.live.size())) {
    const LiveEntry& entry = *contents.live.find(id);
    std::string buffer;
    const Segment& segment = contents.segments.at(entry.segment);
    const auto message = read_stored(segment.file.get(), place_of(entry, segment), buffer);
    result += message && message->body == body_of(message->body[0]) ? message->body[0] : '?';
    if (contents.outcomes.contains(id)) result += '!';
  }
  return result;
}

// One record at most is lost, and then it is known that one was there.
TEST_F(DamagedLog, LosesOneRecordToAFlippedBitAndKnowsIt) {
  std::map<std::string, std::size_t> seen;
  for (std::size_t at = 0; at < first + 5 * page_bytes; ++at) {
    flip(at);
    const Contents contents = std::get<Contents>(read_contents(owner.layout(), O_RDONLY));
    std::string result = live(contents);
    for (const Finding& finding : contents.findings) result += finding.is_damage ? " damaged" : " torn";
    ++seen[result];
    flip(at);
  }
  std::vector<std::string> results;
  for (const auto& [result, count] : seen) results.push_back(result);
  // c; nothing; the message d, which had ended; d's end; b; the outcome; a.
  EXPECT_EQ(results, (std::vector<std::string>{"a!b damaged", "a!bc", "a!bc damaged", "a!bcd damaged",
                                               "a!c damaged", "abc damaged", "bc damaged"}));
}

TEST_F(DamagedLog, SavesWhatWasDamagedOnceAndGoesOnBehindIt) {
  std::string bytes = good;
  bytes[first + 300] = '!';
  write(bytes);
  for (int start = 0; start < 2; ++start) {
    EXPECT_EQ(owner.open(), "");
    EXPECT_EQ(owner.log().live_count(), 2U);
    EXPECT_EQ(owner.body(ids['b']), body_of('b'));
    EXPECT_EQ(saved(), 1U);
    EXPECT_EQ(owner.alerts(), "alert: damaged record in log/segment/1, saved as log/damaged/1.4096\n");
  }
  const std::string kept = test::TempHome::read_file(damaged / "1.4096");
  EXPECT_NE(kept.find("aaaaaa!aaaa"), std::string::npos);
}

// Between its being found and its being read.
TEST_F(DamagedLog, GivesUpAMessageThatCannotBeReadAndSavesWhatIsThere) {
  EXPECT_EQ(owner.open(), "");
  std::string bytes = good;
  bytes[first + 300] = '!';
  write(bytes);
  std::string buffer;
  EXPECT_FALSE(owner.log().read(ids['a'], buffer));
  owner.log().give_up(ids['a']);
  EXPECT_FALSE(owner.log().is_live(ids['a']));
  EXPECT_TRUE(owner.commit());
  const std::string told = owner.alerts();
  EXPECT_EQ(told, "alert: unable to read message " + std::to_string(ids['a']) +
                      " from log/segment/1\n"
                      "alert: damaged record in log/segment/1, saved as log/damaged/1.4096\n");
  EXPECT_NE(test::TempHome::read_file(damaged / "1.4096").find("aaaaaa!aaaa"), std::string::npos);
  EXPECT_EQ(owner.open(), "");
  EXPECT_EQ(owner.log().live_count(), 2U);
  EXPECT_EQ(owner.alerts(), told);
}

TEST_F(DamagedLog, KeepsAMessageThatCannotBeSaved) {
  EXPECT_EQ(owner.open(), "");
  std::string bytes = good;
  bytes[first + 300] = '!';
  write(bytes);
  std::filesystem::remove_all(damaged);
  owner.log().give_up(ids['a']);
  EXPECT_TRUE(owner.log().is_live(ids['a']));
  EXPECT_EQ(owner.alerts(), "alert: damaged record in log/segment/1, unable to save it\n");
}

TEST_F(DamagedLog, IsTornWithoutAnAlertWhereItsLastRecordEndsEarly) {
  EXPECT_EQ(owner.open(), "");
  const auto last = owner.append(body_of('e'));
  EXPECT_TRUE(owner.commit());
  const std::size_t start = owner.log().place_of(*last)->sector * sector_bytes;
  owner.close();
  std::string bytes = test::TempHome::read_file(name);
  bytes.replace(start + sector_bytes, sector_bytes, sector_bytes, '\0');
  write(bytes);
  for (int again = 0; again < 2; ++again) {
    EXPECT_EQ(owner.open(), "");
    EXPECT_EQ(owner.log().live_count(), 3U);
    EXPECT_EQ(owner.alerts(), "");
    EXPECT_EQ(saved(), 0U);
  }
  // What is written next stands where the torn one stood.
  owner.provide();
  const auto next = owner.append(body_of('f'));
  EXPECT_EQ(owner.log().place_of(*next)->sector * sector_bytes, start);
  EXPECT_TRUE(owner.commit());
  EXPECT_EQ(owner.open(), "");
  EXPECT_EQ(owner.log().live_count(), 4U);
  EXPECT_EQ(owner.alerts(), "");
}

TEST_F(DamagedLog, TakesNothingFromAnOlderGeneration) {
  Segment segment = std::move(*open_segment(owner.layout(), 1, O_RDWR));
  ASSERT_TRUE(restamp(segment, {.generation = 99, .secret = 1}));
  EXPECT_EQ(owner.open(), "");
  EXPECT_EQ(owner.log().live_count(), 0U);
  EXPECT_EQ(owner.alerts(), "");
}

TEST_F(DamagedLog, TakesNothingThatAMessageBringsAlong) {
  // A whole segment inside a message, with other secrets than ours.
  std::string forged = good;
  EXPECT_EQ(owner.open(), "");
  LogOwner other(home.path(), 1U << 20);
  owner.provide();
  const std::string body = std::string(428 - test::log_envelope.size(), 'x') + forged.substr(first, 8192);
  const auto id = owner.append(body);
  ASSERT_TRUE(id);
  EXPECT_TRUE(owner.commit());
  const auto place = *owner.log().place_of(*id);
  owner.close();
  // Recycled: what it brought along is looked at, sector by sector.
  Segment segment = std::move(*open_segment(owner.layout(), place.segment, O_RDWR));
  ASSERT_TRUE(restamp(segment, {.generation = 99, .secret = 1}));
  EXPECT_EQ(owner.open(), "");
  EXPECT_EQ(owner.log().live_count(), 0U);
  EXPECT_EQ(owner.alerts(), "");
}

TEST_F(DamagedLog, IsUnderstoodWithoutItsHeader) {
  std::string bytes = good;
  bytes.replace(0, page_bytes, page_bytes, '\0');
  write(bytes);
  const Contents contents = std::get<Contents>(read_contents(owner.layout(), O_RDONLY));
  EXPECT_EQ(live(contents), "a!bc");
}

TEST_F(DamagedLog, CannotBeCutShort) {
  std::filesystem::resize_file(name, 100);
  EXPECT_EQ(owner.open(), "unable to open queue/log/segment/1: invalid argument");
}

}  // namespace
}  // namespace qmail::queue_log
