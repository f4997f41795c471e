// newaliases: create /etc/aliases.cdb from /etc/aliases. See newaliases(1).
#include "core/base/home.h"
#include "core/base/program.h"
#include "core/programs/newaliases/new_aliases.h"

int main(int argc, char** argv) {
  return qmail::run_program("newaliases", argc, argv, [](qmail::Process& self) {
    qmail::new_aliases(qmail::Control(self.open_directory("control")), qmail::etc_path() + "/aliases");
    return 0;
  });
}
