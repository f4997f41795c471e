// What makes a home or a .qmail file too open to be believed. dot-qmail(5).
#pragma once
#include <sys/stat.h>

namespace qmail::local {

/// Writable by everybody. Many systems give each user a group of its own and let it write, so that is no
/// reason.
inline constexpr mode_t forbidden_modes = S_IWOTH;

}  // namespace qmail::local
