#include "core/format/completion.h"

#include <gtest/gtest.h>

namespace qmail::header {
namespace {

std::string complete(std::string_view address) {
  const Completion completion("host", "domain.example", "plus.example");
  auto tokens = parse_tokens(address);
  if (!tokens) return "bad";
  completion.complete(*tokens);
  return envelope_address(*tokens);
}

struct Completed {
  std::string_view address;
  std::string_view expected;
};

TEST(Completion, AddsWhatIsMissing) {
  for (const auto& [address, expected] : {Completed{"joe", "joe@host.domain.example"},
                                          {"joe@", "joe@host.domain.example"},
                                          {"joe@h", "joe@h.domain.example"},
                                          {"joe@h.", "joe@h.domain.example"},
                                          {"joe@h.example", "joe@h.example"},
                                          {"joe@h+", "joe@h.plus.example"},
                                          {"joe@+", "joe@.plus.example"},
                                          {"a.b", "a.b@host.domain.example"},
                                          {"joe@\"h+\"", "joe@h+.domain.example"},
                                          {"joe@[127.0.0.1]", "joe@[127.0.0.1]"}})
    EXPECT_EQ(complete(address), expected) << address;
}

TEST(Completion, LeavesTheNullAddressAndVerpSendersAlone) {
  EXPECT_EQ(complete(""), "");
  EXPECT_EQ(complete("joe@[]"), "joe@[]");
  EXPECT_EQ(complete("#@[]"), "#@[]");
}

TEST(Completion, DropsSourceRoutes) {
  EXPECT_EQ(complete("@a:joe@b"), "joe@b.domain.example");
  EXPECT_EQ(complete("@a,@b:joe"), "joe@host.domain.example");
  EXPECT_EQ(complete("@a:"), "");
  EXPECT_EQ(complete("@a"), "");
  EXPECT_EQ(complete("."), "");
  EXPECT_EQ(complete("@"), "");
}

TEST(Completion, RefusesAHostThatIsNone) {
  EXPECT_THROW(Completion("h(", "d", "p"), Failure);
  EXPECT_THROW(Completion("h", "d[", "p"), Failure);
  EXPECT_THROW(Completion("h", "d", "\"p"), Failure);
}

}  // namespace
}  // namespace qmail::header
