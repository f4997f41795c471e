// One run of a program that checks passwords, for whoever wants to know what it says. In the place of a
// session it is given "qmail-authd report" to run, which tells whom it has become: a program that checks
// nothing, as true(1) does, runs nothing either, and is believed nothing.
#pragma once
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "core/accounts/claim.h"
#include "core/accounts/verdict.h"
#include "core/base/environment.h"
#include "core/base/fd.h"

namespace qmail::accounts {

/// What is the same for all runs.
struct Premises {
  std::string reporter;     ///< the path of qmail-authd
  Environment environment;  ///< what a checker finds, beside the address
  int null;                 ///< /dev/null
  int err;
};

class CheckRun {
 public:
  enum class Purpose {
    check,  ///< is the claim true?
    salt    ///< how was the password salted? For checkvida(8) only.
  };

  /// Starts `checker`, a program and its arguments, with the claim, which is forgotten. None, with errno set,
  /// if it cannot be started.
  static std::optional<CheckRun> start(std::vector<std::string> checker, Claim& claim,
                                       const Premises& premises, Purpose purpose = Purpose::check);
  pid_t pid() const { return pid_; }
  /// What its end means; `status` is as waitpid(2) gives it. `is_too_slow`: it was ended for that.
  Finding finish(int status, bool is_too_slow);

 private:
  CheckRun(std::string program, const Environment& given, Purpose purpose)
      : program_(std::move(program)), given_(given), purpose_(purpose) {}

  std::string program_;
  Environment given_;
  Purpose purpose_;
  pid_t pid_ = 0;
  Fd report_;
};

}  // namespace qmail::accounts
