// checklocalpwd: check a password against /etc/poppasswd. See checklocalpwd(8).
#include "core/accounts/checker.h"
#include "core/programs/checklocalpwd/local_accounts.h"

int main(int argc, char** argv) {
  return qmail::run_program(
      "checklocalpwd", argc, argv,
      [](qmail::Process& self) {
        const std::string file = qmail::take_poppasswd_option(self);
        return qmail::accounts::run_checker(
            self, [&](const auto& claim) { return qmail::find_local_account(file, claim); });
      },
      qmail::accounts::checker_ending());
}
