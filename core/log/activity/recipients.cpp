#include "core/log/activity/recipients.h"

#include <string>
#include <unordered_map>

#include "core/log/activity/record.h"
#include "core/log/activity/table.h"
#include "core/log/activity/tool.h"

namespace qmail::activity {
namespace {

struct Destination {
  double bytes_delivered = 0, messages = 0, tries = 0, xdelay = 0;
};
using Destinations = std::unordered_map<std::string, Destination>;

std::string_view whole(std::string_view recipient) { return recipient; }
std::string_view host_of(std::string_view recipient) { return recipient.substr(recipient.rfind('@') + 1); }

Destinations read_destinations(int in, std::string_view (*name_of)(std::string_view recipient)) {
  Destinations totals;
  read_records(in, [&](std::string_view line) {
    const auto delivery = parse_delivery_record(line);
    if (!delivery) return;
    Destination& total = totals[std::string(name_of(delivery->recipient))];
    if (delivery->outcome == Outcome::success) total.bytes_delivered += number_of(delivery->bytes);
    if (delivery->outcome != Outcome::deferral) ++total.messages;
    ++total.tries;
    total.xdelay += delivery->xdelay();
  });
  return totals;
}

void list_destinations(const Destinations& totals, Writer& out, std::string_view noun,
                       const std::string& column) {
  SortedTable table("sbytes mess tries xdelay " + column, 4);
  for (const auto& [name, total] : totals)
    table.add(printed(total.bytes_delivered) + " " + printed(total.messages) + " " + printed(total.tries) +
              " " + fixed(total.xdelay, 2) + " " + name);
  out.put("One line per ").put(noun).put(". Information on each line:\n");
  out.put("* sbytes is the number of bytes successfully delivered to this ").put(column).put(".\n");
  out.put("* mess is the number of messages sent to this ").put(column).put(" (success plus failure).\n");
  out.put("* tries is the number of delivery attempts (success, failure, deferral).\n");
  out.put("* xdelay is the total xdelay incurred by this ").put(column).put(".\n\n");
  out.put(table.text());
}

}  // namespace

void list_recipients(int in, Writer& out) {
  const Destinations totals = read_destinations(in, whole);
  out.put("Recipients\n\n");
  list_destinations(totals, out, "recipient", "recipient");
}

void list_recipient_hosts(int in, Writer& out) {
  const Destinations totals = read_destinations(in, host_of);
  out.put("Recipient hosts\n\n");
  list_destinations(totals, out, "recipient host", "host");
}

void list_recipients_by_speed(int in, Writer& out) {
  SortedTable table("avg tries recipient", 1, SortedTable::Order::by_number);
  for (const auto& [name, total] : read_destinations(in, whole)) {
    // As stock, which divides what zrecipients prints.
    const double average = number_of(fixed(total.xdelay, 2)) / total.tries;
    table.add(fixed(average, 2) + " " + printed(total.tries) + " " + name);
  }
  out.put(
      "Recipients in the best order for mailing lists\n\n"
      "One line per recipient, sorted by avg. Information on each line:\n"
      "* avg is the _average_ xdelay for the recipient.\n"
      "* tries is the number of deliveries that avg is based on.\n\n");
  out.put(table.text());
}

}  // namespace qmail::activity
