// xsender: the records of one sender. See xsender(1).
#include "core/base/program.h"
#include "core/log/activity/selection.h"

int main(int argc, char** argv) {
  return qmail::run_program("xsender", argc, argv, [](qmail::Process& self) {
    const auto belongs = [](const auto& record, std::string_view sender) {
      return record.sender == "<" + std::string(sender) + ">";
    };
    return qmail::activity::select_records(self, {.of_messages = belongs, .of_deliveries = belongs});
  });
}
