// condredirect: forward a message if a program says so. See condredirect(1).
#include "core/base/program.h"
#include "core/programs/condredirect/condredirect.h"

int main(int argc, char** argv) {
  return qmail::run_program("condredirect", argc, argv,
                            [](qmail::Process& self) { return qmail::redirect_if(self); });
}
