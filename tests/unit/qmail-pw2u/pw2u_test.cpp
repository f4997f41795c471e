#include "core/programs/qmail-pw2u/pw2u.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/base/failure.h"
#include "tests/support/temp_home.h"

namespace qmail::pw2u {
namespace {

/// A home that belongs to somebody who is not root.
class Pw2u : public testing::Test {
 protected:
  Pw2u() {
    if (::getuid() != 0) return;
    EXPECT_EQ(::chown(home_.path().c_str(), uid_, static_cast<gid_t>(-1)), 0);
  }
  std::string account(const std::string& name, uid_t uid, const std::string& home) {
    return name + ":x:" + std::to_string(uid) + ":5::" + home + ":/bin/sh\n";
  }
  std::string assign(const std::string& passwd, const std::vector<std::string>& options) {
    home_.write("passwd", passwd);
    std::vector<std::string> args = options;
    args.emplace_back("-C");
    return make_assign(home_.open().open_file("passwd").get(), home_.open(), parse_choices(args));
  }

  test::TempHome home_;
  const uid_t uid_ = ::getuid() == 0 ? 4242 : ::getuid();
  std::string path_ = home_.path().string();
  std::string alias_ = account("alias", uid_, path_);
  std::string all_ = alias_ + account("foreign", uid_ + 1, path_) + account("gone", uid_, path_ + "/none");

  std::string lines(const std::string& name, uid_t uid, const std::string& home) {
    return "=" + name + ":" + name + ":" + std::to_string(uid) + ":5:" + home + ":::\n";
  }
  std::string alias_lines_ =
      "+:alias:" + std::to_string(uid_) + ":5:" + path_ + ":-::\n" + lines("alias", uid_, path_);
};

TEST_F(Pw2u, SkipsUsersWithoutAHomeOfTheirOwn) {
  EXPECT_EQ(assign(all_, {}), alias_lines_ + ".\n");
  EXPECT_EQ(assign(all_, {"-Ho"}), alias_lines_ + ".\n");
}

TEST_F(Pw2u, StopsAtAMissingHomeIfAskedTo) {
  EXPECT_THROW(assign(all_, {"-h"}), Failure);
  EXPECT_EQ(assign(alias_ + account("foreign", uid_ + 1, path_), {"-h"}), alias_lines_ + ".\n");
}

TEST_F(Pw2u, TakesEverybodyIfAskedTo) {
  EXPECT_EQ(assign(all_, {"-H"}),
            alias_lines_ + lines("foreign", uid_ + 1, path_) + lines("gone", uid_, path_ + "/none") + ".\n");
}

TEST_F(Pw2u, ReadsLinesOfAnyLength) {
  const std::string name(1 << 20, 'x');
  EXPECT_EQ(assign(alias_ + account(name, uid_, path_), {}), alias_lines_ + lines(name, uid_, path_) + ".\n");
}

}  // namespace
}  // namespace qmail::pw2u
