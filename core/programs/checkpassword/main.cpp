// checkpassword: check the password of a user of this system, and become that user. See checkpassword(8).
#include "core/accounts/checker.h"
#include "core/base/program.h"
#include "core/programs/checkpassword/check.h"

int main(int argc, char** argv) {
  const auto work = [](qmail::Process& self) {
    return qmail::accounts::run_checker(self, [&self](const qmail::accounts::ClaimParts& claim) {
      return qmail::check_system_password(claim, self);
    });
  };
  return qmail::run_program("checkpassword", argc, argv, work, qmail::accounts::checker_ending());
}
