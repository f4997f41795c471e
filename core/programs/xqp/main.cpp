// xqp: the records of one queue identifier. See xqp(1).
#include "core/base/program.h"
#include "core/log/activity/selection.h"

int main(int argc, char** argv) {
  return qmail::run_program("xqp", argc, argv, [](qmail::Process& self) {
    const auto belongs = [](const auto& record, std::string_view qp) { return record.qp == qp; };
    return qmail::activity::select_records(self, {.of_messages = belongs, .of_deliveries = belongs});
  });
}
