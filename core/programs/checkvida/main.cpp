// checkvida: check the password of a virtual user. See checkvida(8).
#include "core/accounts/checker.h"
#include "core/programs/checkvida/virtual_accounts.h"

int main(int argc, char** argv) {
  return qmail::run_program(
      "checkvida", argc, argv,
      [](qmail::Process& self) {
        const qmail::Control control(self.open_directory("control"));
        return qmail::accounts::run_checker(self, [&](const auto& claim) {
          return qmail::find_virtual_account(claim, self.environment, control);
        });
      },
      qmail::accounts::checker_ending());
}
