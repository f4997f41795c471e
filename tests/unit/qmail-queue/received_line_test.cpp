#include <gtest/gtest.h>

#include "core/programs/qmail-queue/qmail_queue.h"

namespace qmail::queue {
namespace {

users::Ids some_ids() {
  users::Ids ids;
  ids.alias = {1, 1};
  ids.qmaild = {2, 2};
  ids.qmails = {3, 3};
  return ids;
}

TEST(ReceivedLine, NamesWhoInvokedTheProgram) {
  const users::Ids ids = some_ids();
  const std::string date = "); 26 Sep 1995 04:46:54 -0000\n";
  EXPECT_EQ(received_line(4711, 1, ids, 812090814), "Received: (qmail 4711 invoked by alias" + date);
  EXPECT_EQ(received_line(4711, 2, ids, 812090814), "Received: (qmail 4711 invoked from network" + date);
  EXPECT_EQ(received_line(4711, 3, ids, 812090814), "Received: (qmail 4711 invoked for bounce" + date);
  EXPECT_EQ(received_line(4711, 4, ids, 812090814), "Received: (qmail 4711 invoked by uid 4" + date);
}

}  // namespace
}  // namespace qmail::queue
