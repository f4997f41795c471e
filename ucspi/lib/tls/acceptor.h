// The process that has a role's keys: accepts those who ask for a connection to be secured, and forks a
// process for each. docs/internals/tls.md.
#pragma once
#include <cstddef>
#include <set>
#include <string>
#include <sys/types.h>

#include "core/base/clock.h"
#include "core/base/fd.h"
#include "ucspi/lib/tls/contexts.h"

namespace qmail::ucspi {

class Acceptor {
 public:
  /// `parent` is readable once nobody is to be accepted any more.
  Acceptor(const char* program, Contexts& contexts, Fd listener, Fd parent, std::size_t limit,
           const Clock& clock)
      : program_(program),
        contexts_(contexts),
        listener_(std::move(listener)),
        parent_(std::move(parent)),
        limit_(limit),
        clock_(clock) {}

  /// Returns when the parent has no more use for it and the last connection has ended. Throws Failure.
  void run();

 private:
  void accept_one();
  [[noreturn]] void serve(const Fd& control);
  void reap();
  void warn(const std::string& what) const;

  const char* program_;
  Contexts& contexts_;
  Fd listener_, parent_;
  std::size_t limit_;
  const Clock& clock_;
  std::set<pid_t> sessions_;
};

}  // namespace qmail::ucspi
