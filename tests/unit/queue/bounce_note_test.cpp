#include "core/queue/bounce_note.h"

#include <gtest/gtest.h>

namespace qmail::queue {
namespace {

TEST(BounceNote, NotesARecipientAndWhy) {
  EXPECT_EQ(bounce_note("a@b", "no such user\n"), "<a@b>:\nno such user\n\n");
  EXPECT_EQ(bounce_note("a@b", "no newline"), "<a@b>:\nno newline\n\n");
  EXPECT_EQ(bounce_note("a@b", ""), "<a@b>:\n\n");
}

TEST(BounceNote, KeepsAParagraphTogether) {
  EXPECT_EQ(bounce_note("a@b", "one\n\ntwo\n\n\nthree\n"), "<a@b>:\none\n/two\n//three\n\n");
  EXPECT_EQ(bounce_note("a@b", "\n\none"), "<a@b>:\n//one\n\n");
  EXPECT_EQ(bounce_note("a@b", "one\n\n"), "<a@b>:\none\n\n\n");
  EXPECT_EQ(bounce_note("a\n@b", "x"), "<a_@b>:\nx\n\n");
}

}  // namespace
}  // namespace qmail::queue
