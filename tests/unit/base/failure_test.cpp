#include "core/base/failure.h"

#include <gtest/gtest.h>

namespace qmail {
namespace {

TEST(Failure, KnowsWhichErrorsMayBeGoneNextTime) {
  for (const int error : {EINTR, ENOMEM, EIO, ENOSPC, EDQUOT, EMFILE, ESTALE})
    EXPECT_TRUE(is_temporary(error));
  for (const int error : {0, ENOENT, EACCES, EPERM, EISDIR, ENAMETOOLONG}) EXPECT_FALSE(is_temporary(error));
}

}  // namespace
}  // namespace qmail
