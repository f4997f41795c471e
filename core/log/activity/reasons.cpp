#include "core/log/activity/reasons.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "core/log/activity/record.h"
#include "core/log/activity/table.h"
#include "core/log/activity/tool.h"

namespace qmail::activity {
namespace {

struct ReasonTotal {
  double deliveries = 0, xdelay = 0;
};

}  // namespace

void list_reasons(int in, Writer& out, Outcome outcome, std::string_view noun) {
  std::unordered_map<std::string, ReasonTotal> totals;
  read_records(in, [&](std::string_view line) {
    const auto delivery = parse_delivery_record(line);
    if (!delivery || delivery->outcome != outcome) return;
    ReasonTotal& total = totals[std::string(delivery->reason)];
    ++total.deliveries;
    total.xdelay += delivery->xdelay();
  });
  SortedTable table("del xdelay reason", 2);
  for (const auto& [reason, total] : totals)
    table.add(printed(total.deliveries) + " " + fixed(total.xdelay, 2) + " " + reason);
  std::string text = table.text();
  std::replace(text.begin(), text.end(), '_', ' ');
  const bool is_delivery = outcome == Outcome::success;
  out.put("Reasons for ").put(noun).put("\n\nOne line per reason for ");
  out.put(is_delivery ? "successful delivery" : outcome == Outcome::failure ? "delivery failure" : noun);
  out.put(
      ". Information on each line:\n"
      "* del is the number of deliveries that ended for this reason.\n"
      "* xdelay is the total xdelay on those deliveries.\n\n");
  out.put(text);
}

}  // namespace qmail::activity
