// Everything that may be wrong with an installation, from owners to the meaning of control files.
// qmail-check(8).
#pragma once
#include "core/base/program.h"
#include "core/smtp/client_hook.h"
#include "core/smtp/server_hook.h"

namespace qmail::check {

/// How it ends.
enum class Code : int { nothing_found = 0, warnings = 1, errors = 2 };

/// What reads control files besides the programs themselves.
struct Readers {
  std::span<smtpd::Configure* const> server;
  std::span<smtpc::Configure* const> client;
};

/// The program. Throws Failure if it could not look.
int check_installation(const Process& self, const Readers& readers);

}  // namespace qmail::check
