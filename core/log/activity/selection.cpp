#include "core/log/activity/selection.h"

#include "core/log/activity/tool.h"

namespace qmail::activity {

int select_records(const Process& self, const Selection& selection) {
  if (self.args.size() != 1) throw UsageError();
  const std::string_view name = self.args[0];
  Writer out(self.out);
  read_records(self.in, [&](std::string_view line) {
    const auto delivery = parse_delivery_record(line);
    const auto message = delivery || !selection.of_messages ? std::nullopt : parse_message_record(line);
    if ((delivery && selection.of_deliveries(*delivery, name)) ||
        (message && selection.of_messages(*message, name)))
      out.put(line).put('\n');
  });
  out.flush_or_throw("output");
  return 0;
}

}  // namespace qmail::activity
