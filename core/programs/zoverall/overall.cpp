#include "core/programs/zoverall/overall.h"

#include <algorithm>
#include <optional>

#include "core/log/activity/record.h"
#include "core/log/activity/tool.h"

namespace qmail {
namespace {

using activity::DeliveryRecord;
using activity::fixed;
using activity::MessageRecord;
using activity::number_of;
using activity::Outcome;
using activity::printed;

constexpr std::string_view explanation = R"(Basic statistics

qtime is the time spent by a message in the queue.

ddelay is the latency for a successful delivery to one recipient---the
end of successful delivery, minus the time when the message was queued.

xdelay is the latency for a delivery attempt---the time when the attempt
finished, minus the time when it started. The average concurrency is the
total xdelay for all deliveries divided by the time span; this is a good
measure of how busy the mailer is.

)";

class Overall {
 public:
  void add(const MessageRecord& message) {
    const double size = number_of(message.bytes);
    ++messages_;
    bytes_ += size;
    bytes_by_success_ += size * number_of(message.successes);
    queue_time_ += message.queue_time();
    recipients_ += message.recipients();
    tries_ += message.tries();
    widen(number_of(message.birth), number_of(message.end));
  }

  void add(const DeliveryRecord& delivery) {
    ++deliveries_;
    if (delivery.outcome == Outcome::success) {
      ++successes_;
      ddelay_ += delivery.ddelay();
    }
    if (delivery.outcome == Outcome::failure) ++failures_;
    xdelay_ += delivery.xdelay();
    widen(number_of(delivery.birth), number_of(delivery.end));
  }

  void print(Writer& out) const {
    print_messages(out);
    out.put("\n");
    print_deliveries(out);
  }

 private:
  void widen(double from, double to) {
    first_ = std::min(first_.value_or(from), from);
    last_ = std::max(last_.value_or(to), to);
  }

  static void put(Writer& out, std::string_view what, const std::string& value) {
    out.put(what).put(": ").put(value).put("\n");
  }

  void print_messages(Writer& out) const {
    put(out, "Completed messages", printed(messages_));
    if (messages_ == 0) return;
    put(out, "Recipients for completed messages", printed(recipients_));
    put(out, "Total delivery attempts for completed messages", printed(tries_));
    put(out, "Average delivery attempts per completed message", printed(tries_ / messages_));
    put(out, "Bytes in completed messages", printed(bytes_));
    put(out, "Bytes weighted by success", printed(bytes_by_success_));
    put(out, "Average message qtime (s)", printed(queue_time_ / messages_));
  }

  void print_deliveries(Writer& out) const {
    constexpr double day = 86400;
    put(out, "Total delivery attempts", printed(deliveries_));
    if (deliveries_ == 0) return;
    put(out, "  success", printed(successes_));
    put(out, "  failure", printed(failures_));
    put(out, "  deferral", printed(deliveries_ - successes_ - failures_));
    put(out, "Total ddelay (s)", fixed(ddelay_, 6));
    if (successes_ > 0) put(out, "Average ddelay per success (s)", fixed(ddelay_ / successes_, 6));
    put(out, "Total xdelay (s)", fixed(xdelay_, 6));
    put(out, "Average xdelay per delivery attempt (s)", fixed(xdelay_ / deliveries_, 6));
    if (*last_ <= *first_) return;
    put(out, "Time span (days)", printed((*last_ - *first_) / day));
    put(out, "Average concurrency", printed(xdelay_ / (*last_ - *first_)));
  }

  double messages_ = 0, recipients_ = 0, tries_ = 0, bytes_ = 0, bytes_by_success_ = 0, queue_time_ = 0;
  double deliveries_ = 0, successes_ = 0, failures_ = 0, ddelay_ = 0, xdelay_ = 0;
  std::optional<double> first_, last_;
};

}  // namespace

void print_overall(int in, Writer& out) {
  Overall overall;
  activity::read_records(in, [&](std::string_view line) {
    if (const auto message = activity::parse_message_record(line))
      overall.add(*message);
    else if (const auto delivery = activity::parse_delivery_record(line))
      overall.add(*delivery);
  });
  out.put(explanation);
  overall.print(out);
}

}  // namespace qmail
