// cmd5checkpw: check a response, or a password, against passwords in clear. See cmd5checkpw(8).
#include "core/accounts/checker.h"
#include "core/base/program.h"
#include "core/programs/cmd5checkpw/check.h"

int main(int argc, char** argv) {
  const auto work = [](qmail::Process& self) {
    return qmail::accounts::run_checker(
        self, [&self](const auto& claim) { return qmail::check_response(claim, self); });
  };
  return qmail::run_program("cmd5checkpw", argc, argv, work, qmail::accounts::checker_ending());
}
