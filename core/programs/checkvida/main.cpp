// checkvida: check the password of a virtual user. See checkvida(8).
#include "core/accounts/checker.h"
#include "core/accounts/verdict.h"
#include "core/base/io.h"
#include "core/programs/checkvida/virtual_accounts.h"

int main(int argc, char** argv) {
  return qmail::run_program(
      "checkvida", argc, argv,
      [](qmail::Process& self) {
        const qmail::Control control(self.open_directory("control"));
        if (self.args == std::vector<std::string>{qmail::accounts::salt_option})
          return qmail::tell_salting(self, control);
        return qmail::accounts::run_checker(self, [&](const auto& claim) {
          return qmail::find_virtual_account(claim, self.environment, control);
        });
      },
      qmail::accounts::checker_ending());
}
