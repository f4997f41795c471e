#include "core/queue/envelope.h"

#include <gtest/gtest.h>
#include <string>

namespace qmail::queue {
namespace {

using namespace std::string_literals;
using Status = EnvelopeScan::Status;

struct Row {
  std::string envelope;
  Status status;
  std::string kept;
};

const std::string longest(longest_address, 'a');

const std::vector<Row> rows{
    {"Fs\0Tr\0\0"s, Status::complete, "Fs\0Tr\0"s},
    {"F\0\0"s, Status::complete, "F\0"s},
    {"F\0T\0\0"s, Status::complete, "F\0T\0"s},
    {"Fs\0Tr\0\0Tq\0"s, Status::complete, "Fs\0Tr\0"s},
    {"F" + longest + "\0\0"s, Status::complete, "F" + longest + "\0"s},
    {"", Status::unfinished, ""},
    {"Fs\0Tr\0"s, Status::unfinished, "Fs\0Tr\0"s},
    {"F" + longest, Status::unfinished, "F" + longest},
    {"Ts\0\0"s, Status::malformed, ""},
    {"\0"s, Status::malformed, ""},
    {"Fs\0Fr\0\0"s, Status::malformed, "Fs\0"s},
    {"Fs\0Tr\0\n"s, Status::malformed, "Fs\0Tr\0"s},
    {"F" + longest + "a\0\0"s, Status::address_too_long, "F" + longest + "a\0"s},
    {"F" + longest + "a", Status::address_too_long, "F" + longest + "a"},
    {"Fs\0T"s + longest + "a", Status::address_too_long, "Fs\0T"s + longest + "a"},
};

TEST(QueueEnvelope, JudgesWholeEnvelopes) {
  for (const Row& row : rows) {
    EnvelopeScan scan;
    EXPECT_EQ(scan.take(row.envelope), row.kept) << row.envelope;
    EXPECT_EQ(scan.status(), row.status) << row.envelope;
  }
}

TEST(QueueEnvelope, JudgesThemTheSameByteByByte) {
  for (const Row& row : rows) {
    EnvelopeScan scan;
    for (const char& byte : row.envelope)
      if (scan.status() == Status::unfinished) scan.take({&byte, 1});
    EXPECT_EQ(scan.status(), row.status) << row.envelope;
  }
}

}  // namespace
}  // namespace qmail::queue
