// qreceipt: answer a request for a notice of delivery, from a .qmail file. See qreceipt(1).
#include "core/base/program.h"
#include "core/programs/qreceipt/qreceipt.h"

int main(int argc, char** argv) {
  return qmail::run_program("qreceipt", argc, argv,
                            [](qmail::Process& self) { return qmail::send_receipt(self); });
}
