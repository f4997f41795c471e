#include "core/programs/zsendmail/sendmail_log.h"

#include "core/log/activity/record.h"
#include "core/log/activity/tool.h"

namespace qmail {
namespace {

using activity::DeliveryRecord;
using activity::fixed;
using activity::MessageRecord;
using activity::Outcome;

std::string_view state_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::success: return "Sent";
    case Outcome::failure: return "Failed";
    case Outcome::deferral: break;
  }
  return "Deferred";
}

void put(Writer& out, const DeliveryRecord& delivery) {
  out.put(delivery.end).put(" qp ").put(delivery.qp).put(": to=").put(delivery.recipient);
  out.put(", uid=").put(delivery.uid).put(", ddelay=").put(fixed(delivery.ddelay(), 6));
  out.put(", xdelay=").put(fixed(delivery.xdelay(), 6)).put(", stat=").put(state_of(delivery.outcome));
  out.put(" (").put(delivery.reason).put(")\n");
}

void put(Writer& out, const MessageRecord& message) {
  out.put(message.end).put(" qp ").put(message.qp).put(": from=").put(message.sender);
  out.put(", uid=").put(message.uid).put(", size=").put(message.bytes);
  out.put(", nrcpts=")
      .put(activity::printed(message.recipients()))
      .put(", deferrals=")
      .put(message.deferrals);
  out.put(", qtime=").put(fixed(message.queue_time(), 6)).put("\n");
}

}  // namespace

void print_sendmail_log(int in, Writer& out) {
  activity::read_records(in, [&](std::string_view line) {
    if (const auto delivery = activity::parse_delivery_record(line))
      put(out, *delivery);
    else if (const auto message = activity::parse_message_record(line))
      put(out, *message);
    else
      out.put(line).put('\n');
  });
}

}  // namespace qmail
