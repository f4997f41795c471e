// qmail-qread: list the messages of the queue and their recipients. See qmail-qread(8).
#include "core/base/io.h"
#include "core/base/program.h"
#include "core/programs/qmail-qread/qmail_qread.h"

int main(int argc, char** argv) {
  return qmail::run_program("qmail-qread", argc, argv, [](qmail::Process& self) {
    qmail::Writer out(self.out);
    const auto routing = [&] {
      return qmail::queue::read_routing(qmail::Control(self.open_directory("control")));
    };
    qmail::queue::list_queue(qmail::queue::Layout::open(self.home()), routing, out);
    out.flush_or_throw("output");
    return 0;
  });
}
