// What waitpid(2) says, for tests that make it up.
#pragma once

namespace qmail::test {

constexpr int exited(int code) { return code << 8; }

}  // namespace qmail::test
