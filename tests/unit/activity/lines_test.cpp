#include "core/log/activity/lines.h"

#include <gtest/gtest.h>
#include <vector>

#include "core/base/publish.h"

namespace qmail::activity {
namespace {

struct Read {
  std::string line;
  std::size_t dropped;
  bool operator==(const Read&) const = default;
};

TEST(Lines, AreCutAndTellByHowMuch) {
  Pipe pipe = Pipe::make();
  // The reader's buffer is shorter than the longest of these.
  write_all(pipe.write.get(), "one\n\n" + std::string(40000, 'x') + "\nfive5\nsix666\nlast", "pipe");
  pipe.write.close();
  std::vector<Read> found;
  const auto take = [&](std::string_view line, std::size_t dropped) {
    found.push_back({std::string(line), dropped});
  };
  EXPECT_EQ(read_lines(pipe.read.get(), "pipe", take, 5), "last");
  EXPECT_EQ(found, (std::vector<Read>{{"one", 0}, {"", 0}, {"xxxxx", 39995}, {"five5", 0}, {"six66", 1}}));
}

TEST(Lines, FailWithTheNameOfWhatCannotBeRead) {
  const Directory folder = Directory::open("/");
  try {
    read_lines(folder.get(), "the log", [](std::string_view, std::size_t) {});
    FAIL();
  } catch (const Failure& failure) {
    EXPECT_STREQ(failure.what(), "unable to read the log: is a directory");
  }
}

}  // namespace
}  // namespace qmail::activity
