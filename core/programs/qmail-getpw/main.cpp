// qmail-getpw: find the user in charge of an address. See qmail-getpw(8).
#include "core/base/io.h"
#include "core/base/program.h"
#include "core/programs/qmail-getpw/getpw.h"

int main(int argc, char** argv) {
  return qmail::run_program("qmail-getpw", argc, argv, [](qmail::Process& self) {
    if (self.args.empty()) throw qmail::UsageError();
    const qmail::SystemAccounts accounts;
    const qmail::Found found = qmail::find_user(accounts, self.args.front());
    qmail::Writer(self.out).put(found.fields).flush_or_throw("answer");
    return found.exit_code;
  });
}
