// How qmail-queue ends, when it does not end well: its exit codes, and the signals that end it at once.
#pragma once
#include <string>

#include "core/base/failure.h"
#include "core/base/program.h"

namespace qmail::queue {

/// The exit codes that qmail-queue(8) lists. Up to 40: permanent.
enum class Code : int {
  accepted = 0,
  address_too_long = 11,
  out_of_memory = 51,
  timed_out = 52,
  write_error = 53,
  read_error = 54,
  home = 61,
  queue = 62,
  pid = 63,
  mess = 64,
  intd = 65,
  todo = 66,
  busy = 71,
  bug = 81,
  bad_envelope = 91,
};

inline Failure refusal(Code code, const std::string& why) {
  return {static_cast<Exit>(static_cast<int>(code)), why};
}

/// qmail-queue prints no diagnostics: its exit code says all, and descriptor 2 may be anything.
inline Ending silent_ending() {
  return {.out_of_memory = static_cast<int>(Code::out_of_memory), .report = [](const std::string&) {}};
}

/// 24 hours, below the 36 after which qmail-send takes an unfinished message for abandoned.
inline constexpr unsigned longest_life_seconds = 86400;

/// From now on the process ends with `timed_out` after longest_life_seconds and with `bug` on a crash, at
/// once and cleaning nothing: what it leaves is a legal state that qmail-clean removes later. Signals that a
/// terminal or a resource limit sends do not end it. The umask becomes that of queue files.
void arm_endings();

/// The same umask for the resident, which ends when qmail-send does and by no signal of a terminal or a
/// supervisor.
void arm_resident();

}  // namespace qmail::queue
