// columnt: align the columns of a table. See columnt(1).
#include "core/base/program.h"
#include "core/log/activity/table.h"
#include "core/log/activity/tool.h"

int main(int argc, char** argv) {
  return qmail::run_program("columnt", argc, argv, [](qmail::Process& self) {
    return qmail::activity::summarize(self, [](int in, qmail::Writer& out) {
      const auto table = qmail::read_all(in, static_cast<std::size_t>(-1), "input");
      out.put(qmail::activity::align_columns(*table));
    });
  });
}
