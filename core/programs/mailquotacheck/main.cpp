// mailquotacheck: refuse a message that does not fit into a maildir. See mailquotacheck(1).
#include "core/base/program.h"
#include "core/programs/mailquotacheck/check_quota.h"

int main(int argc, char** argv) {
  return qmail::run_program("mailquotacheck", argc, argv,
                            [](qmail::Process& self) { return qmail::check_quota(self); });
}
