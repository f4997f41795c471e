// qlist: subscriptions to a mailing list, by mail, from a .qmail file. See qlist(1).
#include "core/base/program.h"
#include "core/programs/qlist/qlist.h"

int main(int argc, char** argv) {
  return qmail::run_program("qlist", argc, argv,
                            [](qmail::Process& self) { return qmail::qlist::serve_request(self); });
}
