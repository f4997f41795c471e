// qmail-getpw: find the user in charge of an address. See qmail-getpw(8).
#include "core/base/io.h"
#include "core/base/program.h"
#include "core/base/resident.h"
#include "core/programs/qmail-getpw/getpw.h"
#include "core/programs/qmail-getpw/resident_getpw.h"

int main(int argc, char** argv) {
  const bool stays = qmail::resident::is_asked_for(argc, argv);
  return qmail::run_program("qmail-getpw", argc, argv, [stays](qmail::Process& self) {
    const qmail::SystemAccounts accounts;
    if (stays) {
      qmail::CachedUsers users(accounts, self.clock);
      qmail::answer_questions(self.in, users);
      return 0;
    }
    if (self.args.empty()) throw qmail::UsageError();
    const qmail::Found found = qmail::find_user(accounts, self.args.front());
    qmail::Writer(self.out).put(found.fields).flush_or_throw("answer");
    return found.exit_code;
  });
}
