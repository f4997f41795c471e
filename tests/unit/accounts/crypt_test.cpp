#include "core/accounts/crypt.h"

#include <gtest/gtest.h>

#include "core/base/failure.h"

namespace qmail::accounts {
namespace {

const std::string password = "somepassword";

TEST(Crypt, MakesHashesByYescryptThatOnlyTheirPasswordMatches) {
  const std::string hash = hash_password(password);
  EXPECT_TRUE(hash.starts_with("$y$")) << hash;
  EXPECT_TRUE(is_password(password, hash));
  EXPECT_FALSE(is_password("somepassworD", hash));
  EXPECT_FALSE(is_password("", hash));
  EXPECT_NE(hash_password(password), hash) << "no two hashes have one salt";
}

TEST(Crypt, KnowsTheMethodsThatOlderFilesWereMadeBy) {
  for (const char* hash : {"$6$rounds=1000$V7qMYJaNbVKAmA1B$TG0jSTv4wPUqoWlQ4U9JKuhvR95WsD5wbq/"
                           "d26UO0sC/xgjPSDVTp9KXfJXLkjLdZNEepqC1sR2IPvy0r9ude.",
                           "$1$V7qMYJaN$iCshq3toNdCLq5O2QNGU10", "abdqmmqJeSFpk"}) {
    EXPECT_TRUE(is_password(password, hash)) << hash;
    EXPECT_FALSE(is_password("other", hash)) << hash;
  }
}

TEST(Crypt, LetsNothingMatchWhatIsNoHash) {
  for (const char* hash : {"", "*", "!", "!none!", "*0", "*1", "x", "!$1$V7qMYJaN$iCshq3toNdCLq5O2QNGU10",
                           "$1$", "$nosuchmethod$abc", "ab"}) {
    EXPECT_FALSE(is_password(password, hash)) << hash;
    EXPECT_FALSE(is_password(hash, hash)) << hash;
    EXPECT_FALSE(is_password("", hash)) << hash;
  }
  EXPECT_FALSE(is_password(password, std::nullopt));
}

TEST(Crypt, TakesNoPasswordThatLibcryptWouldCut) {
  EXPECT_THROW(hash_password(""), Failure);
  EXPECT_THROW(hash_password(std::string("some\0password", 13)), Failure);
  EXPECT_THROW(hash_password(std::string(512, 'x')), Failure);
  const std::string longest(511, 'x');
  EXPECT_TRUE(is_password(longest, hash_password(longest)));
  EXPECT_FALSE(is_password(std::string("somepassword\0more", 17), "$1$V7qMYJaN$iCshq3toNdCLq5O2QNGU10"));
}

}  // namespace
}  // namespace qmail::accounts
