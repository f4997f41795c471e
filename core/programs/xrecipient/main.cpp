// xrecipient: the records of one recipient. See xrecipient(1).
#include "core/base/program.h"
#include "core/log/activity/selection.h"

int main(int argc, char** argv) {
  return qmail::run_program("xrecipient", argc, argv, [](qmail::Process& self) {
    const auto belongs = [](const auto& record, std::string_view recipient) {
      return record.recipient == recipient;
    };
    return qmail::activity::select_records(self, {.of_deliveries = belongs});
  });
}
