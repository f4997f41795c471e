#include "ucspi/rblsmtpd/dialogue.h"

#include <gtest/gtest.h>

#include "core/base/fd.h"
#include "core/base/io.h"

namespace qmail::ucspi {
namespace {

/// What the client is told, when it says all of `said` at once and then is silent.
std::string talk(const std::string& said) {
  Pipe in = Pipe::make(), out = Pipe::make();
  EXPECT_TRUE(Writer(in.write.get()).put(said).flush());
  in.write.close();
  refuse_all(in.read.get(), out.write.get(), "451 no");
  out.write.close();
  return read_all(out.read.get(), 1 << 20, "answers").value();
}

TEST(Dialogue, RefusesWhatLeadsToAMessage) {
  EXPECT_EQ(
      talk("EHLO x\r\nMAIL FROM:<>\r\nrcpt TO:<a>\r\nDATA\r\nRSET\r\nnoop\r\nVRFY x\r\nQUIT\r\nHELO\r\n"),
      "220 rblsmtpd.local\r\n250 rblsmtpd.local\r\n250 rblsmtpd.local\r\n451 no\r\n451 no\r\n250 "
      "rblsmtpd.local\r\n"
      "250 rblsmtpd.local\r\n451 no\r\n221 rblsmtpd.local\r\n");
}

TEST(Dialogue, ReadsLinesAsStockDoes) {
  const std::string greeting = "220 rblsmtpd.local\r\n", good = "250 rblsmtpd.local\r\n", no = "451 no\r\n";
  EXPECT_EQ(talk(""), greeting);
  EXPECT_EQ(talk("quit"), greeting);
  EXPECT_EQ(talk("helo x\n"), greeting + good);
  EXPECT_EQ(talk("\n helo\nhelox\nquit\t\nhelo\r\r\n"), greeting + no + no + no + no + no);
  EXPECT_EQ(talk(std::string("helo\0\n", 6)), greeting + no);
}

TEST(Dialogue, ALineWithoutAnEndTakesNoMemory) {
  Pipe out = Pipe::make();
  Pipe in = Pipe::make();
  EXPECT_TRUE(Writer(in.write.get()).put(std::string(60000, 'x')).put("\nnoop\nquit\n").flush());
  in.write.close();
  refuse_all(in.read.get(), out.write.get(), "451 no");
  out.write.close();
  EXPECT_EQ(read_all(out.read.get(), 1 << 20, "answers"),
            "220 rblsmtpd.local\r\n451 no\r\n250 rblsmtpd.local\r\n221 rblsmtpd.local\r\n");
}

TEST(Dialogue, ARefusalPassesThroughTheVariable) {
  const auto words = [](bool is_permanent, const std::string& text) {
    return words_of({.is_refused = true, .is_permanent = is_permanent, .text = text});
  };
  EXPECT_EQ(words(false, "listed"), "listed");
  EXPECT_EQ(words(true, "listed"), "-listed");
  EXPECT_EQ(words(true, "-listed"), "--listed");
  EXPECT_EQ(words(true, ""), "-");
  EXPECT_EQ(words(false, std::string("a\0b\n", 4)), "a?b?");
  EXPECT_EQ(words(false, std::string(300, 'x')), std::string(200, 'x'));
  // It would be one for good.
  EXPECT_EQ(words(false, "-listed"), std::nullopt);
  EXPECT_EQ(words(false, ""), std::nullopt);
}

}  // namespace
}  // namespace qmail::ucspi
