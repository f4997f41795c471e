// ipmetest: say whether an address is this host's. See ipmetest(8).
#include "core/base/program.h"
#include "core/programs/ipmetest/test_address.h"
#include "core/smtp/client_hook.h"

int main(int argc, char** argv) {
  return qmail::run_program("ipmetest", argc, argv, [](qmail::Process& self) {
    return qmail::test_address(self, qmail::smtpc::features_compiled_in());
  });
}
