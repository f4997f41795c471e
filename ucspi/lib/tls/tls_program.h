// A resident TLS program, whichever role it has: its parent, or the process that has the keys.
#pragma once
#include <string>
#include <vector>

#include "core/base/program.h"
#include "ucspi/lib/tls/material.h"

namespace qmail::ucspi {

class TlsProgram {
 public:
  TlsProgram(const char* name, const TlsFiles& files) : name_(name), files_(files) {}

  /// True if the arguments are those with which the parent starts the process that has the keys.
  static bool is_acceptor(const Process& self);
  /// Serves until it is told to stop. `limit` is the most connections at a time. Throws Failure.
  int keep(Process& self, std::size_t limit);
  int accept(Process& self);

  /// Says why the process ends: to its parent as long as that waits, else on standard error.
  void last_words(const std::string& why) const;

 private:
  const char* name_;
  TlsFiles files_;
  bool parent_waits_ = false;
};

/// The most connections at a time, from "-c LIMIT" or the default. Throws UsageError.
std::size_t parse_keeper_options(const std::vector<std::string>& args);

}  // namespace qmail::ucspi
