// qmail-user: people who have mail and no account. See qmail-user(8).
#include "core/base/program.h"
#include "core/programs/qmail-user/qmail_user.h"

int main(int argc, char** argv) {
  return qmail::run_program("qmail-user", argc, argv,
                            [](qmail::Process& self) { return qmail::change_users(self); });
}
