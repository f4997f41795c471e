// qmail-showctl: explain the control files. See qmail-showctl(8).
#include "core/base/io.h"
#include "core/base/program.h"
#include "core/programs/qmail-showctl/features.h"
#include "core/programs/qmail-showctl/show_control.h"

int main(int argc, char** argv) {
  return qmail::run_program("qmail-showctl", argc, argv, [](qmail::Process& self) {
    const qmail::Directory home = self.home();
    const std::string text =
        qmail::showctl::describe_installation(home) +
        qmail::showctl::describe_control(home.sub("control"), qmail::showctl::features_compiled_in());
    qmail::Writer(self.out).put(text).flush_or_throw("standard output");
    return 0;
  });
}
