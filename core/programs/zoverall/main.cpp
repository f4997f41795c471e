// zoverall: basic figures of a log. See zoverall(1).
#include "core/base/program.h"
#include "core/log/activity/tool.h"
#include "core/programs/zoverall/overall.h"

int main(int argc, char** argv) {
  return qmail::run_program("zoverall", argc, argv, [](qmail::Process& self) {
    return qmail::activity::summarize(self, qmail::print_overall);
  });
}
