// Failure and exit codes: how every program says that it cannot go on, and why.
// The message grammar is "unable to VERB OBJECT: reason", lower case, no full stop.
#pragma once
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

#include "core/base/error_text.h"

namespace qmail {

/// The exit codes that qmail programs share; a program with codes of its own lists them in its header.
enum class Exit : int { ok = 0, permanent = 100, temporary = 111 };

/// Thrown when this process cannot do its job. Caught once, in run_program().
class Failure : public std::runtime_error {
 public:
  Failure(Exit code, const std::string& what) : std::runtime_error(what), code_(code) {}
  /// Trying again later may help: 111, with the reason errno gives.
  static Failure system(const std::string& attempt, int error = errno) {
    return {Exit::temporary, "unable to " + attempt + ": " + error_text(error)};
  }
  Exit code() const noexcept { return code_; }

 private:
  Exit code_;
};

/// True if what failed with this errno may work later, with nobody changing anything: what tells a program
/// that cannot be started now from one that cannot be started.
bool is_temporary(int error);

/// True if a command of a .qmail file that ends with this code says that trying again is useless.
/// qmail-command(8).
bool is_permanent_code(int exit_code);

}  // namespace qmail
