#include "core/queue/queue_program.h"

#include <gtest/gtest.h>

namespace qmail::queue {
namespace {

TEST(QueueClient, TranslatesExitCodesAsStockDoes) {
  EXPECT_EQ(reply_for(0, ""), "");
  EXPECT_EQ(reply_for(11, ""), "Denvelope address too long for qq (#5.1.3)");
  EXPECT_EQ(reply_for(33, ""), "Dqq permanent problem (#5.3.0)");
  EXPECT_EQ(reply_for(41, ""), "Zqq temporary problem (#4.3.0)");
  EXPECT_EQ(reply_for(82, "Dno thank you (#5.7.1)"), "Dno thank you (#5.7.1)");
  EXPECT_EQ(reply_for(82, ""), "Zqq temporary problem (#4.3.0)");
}

}  // namespace
}  // namespace qmail::queue
