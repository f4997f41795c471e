// qmail-newu: prepare address assignments for qmail-lspawn. See qmail-newu(8).
#include "core/base/program.h"
#include "core/programs/qmail-newu/new_users.h"

int main(int argc, char** argv) {
  return qmail::run_program("qmail-newu", argc, argv, [](qmail::Process& self) {
    qmail::new_users(self.open_directory("users"));
    return 0;
  });
}
