#include "core/log/activity/senders.h"

#include <string>
#include <unordered_map>

#include "core/log/activity/record.h"
#include "core/log/activity/table.h"
#include "core/log/activity/tool.h"

namespace qmail::activity {
namespace {

struct Origin {
  double messages = 0, bytes = 0, bytes_delivered = 0, bytes_by_recipient = 0, recipients = 0, tries = 0;
  double xdelay = 0;
};
using Origins = std::unordered_map<std::string, Origin>;

std::string uid_and_sender(std::string_view uid, std::string_view sender) {
  return std::string(uid).append("/").append(sender);
}
std::string only_uid(std::string_view uid, std::string_view) { return std::string(uid); }

Origins read_origins(int in, std::string (*name_of)(std::string_view uid, std::string_view sender)) {
  Origins totals;
  read_records(in, [&](std::string_view line) {
    if (const auto message = parse_message_record(line)) {
      Origin& total = totals[name_of(message->uid, message->sender)];
      const double bytes = number_of(message->bytes);
      ++total.messages;
      total.bytes += bytes;
      total.bytes_delivered += bytes * number_of(message->successes);
      total.bytes_by_recipient += bytes * message->recipients();
      total.recipients += message->recipients();
      total.tries += message->tries();
    } else if (const auto delivery = parse_delivery_record(line)) {
      totals[name_of(delivery->uid, delivery->sender)].xdelay += delivery->xdelay();
    }
  });
  return totals;
}

void list_origins(const Origins& totals, Writer& out, const std::string& column) {
  SortedTable table("mess bytes sbytes rbytes recips tries xdelay " + column, 7,
                    SortedTable::Order::by_number);
  for (const auto& [name, total] : totals)
    if (total.messages > 0)
      table.add(printed(total.messages) + " " + printed(total.bytes) + " " + printed(total.bytes_delivered) +
                " " + printed(total.bytes_by_recipient) + " " + printed(total.recipients) + " " +
                printed(total.tries) + " " + fixed(total.xdelay, 6) + " " + name);
  out.put("* mess is the number of messages sent by this ").put(column).put(".\n");
  out.put("* bytes is the number of bytes sent by this ").put(column).put(".\n");
  out.put("* sbytes is the number of bytes successfully received from this ").put(column).put(".\n");
  out.put("* rbytes is the number of bytes from this ").put(column).put(", weighted by recipient.\n");
  out.put("* recips is the number of recipients (success plus failure).\n");
  out.put("* tries is the number of delivery attempts (success, failure, deferral).\n");
  out.put("* xdelay is the total xdelay incurred by this ").put(column).put(".\n\n");
  out.put(table.text());
}

}  // namespace

void list_senders(int in, Writer& out) {
  const Origins totals = read_origins(in, uid_and_sender);
  out.put("Senders\n\nOne line per sender. Information on each line:\n");
  list_origins(totals, out, "sender");
}

void list_sender_uids(int in, Writer& out) {
  const Origins totals = read_origins(in, only_uid);
  out.put("Sender uids\n\nOne line per sender uid. Information on each line:\n");
  list_origins(totals, out, "uid");
}

}  // namespace qmail::activity
