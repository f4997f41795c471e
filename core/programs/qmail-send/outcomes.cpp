#include "core/programs/qmail-send/outcomes.h"

#include <algorithm>
#include <utility>

#include "core/programs/qmail-send/bounce_text.h"

namespace qmail::send {
namespace {

constexpr std::string_view gave_up =
    "I'm not going to try again; this message has been in the queue too long.\n";

}  // namespace

void Outcomes::take(Delivery delivery, std::string_view report) {
  const char letter = report.empty() ? '\0' : report.front();
  const std::string_view text = report.substr(report.empty() ? 0 : 1);
  if (letter == 'D') return note_failure(std::move(delivery), text);
  if (letter == 'Z' && delivery.job->too_old)
    return note_failure(std::move(delivery), std::string(text).append(gave_up));
  if (letter == 'K') {
    desk_.log.put(log::delivery_success(delivery.number, text));
    mark_done(delivery);
  } else if (letter == 'Z') {
    desk_.log.put(log::delivery_deferral(delivery.number, text));
  } else {
    desk_.log.put(log::delivery_mangled(delivery.number));
  }
  jobs_.release(std::move(delivery.job));
}

void Outcomes::note_failure(Delivery delivery, std::string_view report) {
  desk_.log.put(log::delivery_failure(delivery.number, report));
  const std::string note = bounce_note(desk_.settings.routing.without_prefix(delivery.recipient), report);
  std::string_view rest = note;
  while (!desk_.store.append_bounce(delivery.job->number, rest))
    desk_.sleep_after(log::alert_bounce_append());
  failed_.push_back(std::move(delivery));
}

/// A recipient is done only when the note that tells the sender survives power loss; one sync serves all the
/// failures of a round.
void Outcomes::settle() {
  if (failed_.empty()) return;
  std::vector<queue::Number> numbers;
  for (const Delivery& delivery : failed_) numbers.push_back(delivery.job->number);
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  const bool durable = desk_.store.sync_bounces(numbers);
  if (!durable) desk_.warn({"trouble fsyncing", desk_.store.bounce_name(numbers.front())});
  for (Delivery& delivery : std::exchange(failed_, {})) {
    if (durable) mark_done(delivery);
    jobs_.release(std::move(delivery.job));
  }
}

void Outcomes::mark_done(const Delivery& delivery) {
  Job& job = *delivery.job;
  if (!desk_.store.mark_done(job.number, job.channel, delivery.position))
    desk_.log.put(log::warning_marking(desk_.store.list_name(job.number, job.channel)));
  --job.left;
}

}  // namespace qmail::send
