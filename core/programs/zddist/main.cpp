// zddist: how soon deliveries succeeded. See zddist(1).
#include "core/base/program.h"
#include "core/log/activity/tool.h"
#include "core/programs/zddist/delays.h"

int main(int argc, char** argv) {
  return qmail::run_program("zddist", argc, argv, [](qmail::Process& self) {
    return qmail::activity::summarize(self, qmail::print_delays);
  });
}
