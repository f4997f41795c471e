// deliverquota: deliver a message to a maildir that has a quota. See deliverquota(1).
#include "core/base/program.h"
#include "core/programs/deliverquota/deliver.h"

int main(int argc, char** argv) {
  return qmail::run_program("deliverquota", argc, argv,
                            [](qmail::Process& self) { return qmail::deliver_within_quota(self); });
}
