#include "core/programs/qmail-send/outcomes.h"

#include <algorithm>
#include <utility>

#include "core/programs/qmail-send/message_id.h"
#include "core/queue/bounce_note.h"

namespace qmail::send {
namespace {

namespace link = queue::link;
using queue::LogMessage;
using queue::LogMessagePtr;

constexpr std::string_view gave_up =
    "I'm not going to try again; this message has been in the queue too long.\n";

/// What the twin of the log calls the end of a delivery.
constexpr std::string_view ended = "delivery";

}  // namespace

log::Facts Delivery::facts(std::string_view event, std::string_view result, std::string_view report) const {
  return {.event = event,
          .message = job->id,
          .delivery = number,
          .channel = queue::name_of(job->channel),
          .sender = job->sender,
          .recipient = recipient,
          .result = result,
          .report = report};
}

bool Outcomes::take(Delivery delivery, std::string_view report) {
  const char letter = report.empty() ? '\0' : report.front();
  const std::string_view text = report.substr(report.empty() ? 0 : 1);
  const Job& job = *delivery.job;
  const bool is_bounced = job.fate == Fate::bounced;
  const bool is_given_up = is_bounced || (job.too_old && letter == 'Z' && job.fate != Fate::removed);
  const bool is_final = letter == 'K' || letter == 'D' || is_given_up;
  const bool is_told = is_final && goes_to_log(delivery);
  if (letter == 'K') {
    succeed(std::move(delivery), text);
  } else if (letter == 'D') {
    fail(std::move(delivery), text);
  } else if (is_final) {
    const std::string_view why = is_bounced ? std::string_view(*job.report) : gave_up;
    fail(std::move(delivery), std::string(text).append(why));
  } else {
    defer(std::move(delivery), letter, text);
  }
  return !is_told;
}

void Outcomes::defer(Delivery delivery, char letter, std::string_view text) {
  if (letter == 'Z')
    desk_.log.put(log::delivery_deferral(delivery.number, text), delivery.facts(ended, "deferral", text));
  else
    desk_.log.put(log::delivery_mangled(delivery.number), delivery.facts(ended, "mangled", text));
  delivery.transaction.reset();
  if (delivery.job->fate == Fate::removed) mark_done(delivery);
  jobs_.release(std::move(delivery.job));
}

void Outcomes::succeed(Delivery delivery, std::string_view report) {
  if (goes_to_log(delivery)) return tell_of_success(std::move(delivery), report);
  desk_.log.put(log::delivery_success(delivery.number, report), delivery.facts(ended, "success", report));
  delivery.transaction.reset();
  mark_done(delivery);
  jobs_.release(std::move(delivery.job));
}

void Outcomes::tell_of_success(Delivery delivery, std::string_view report) {
  const LogMessagePtr message = delivery.job->mail;
  Unconfirmed outcome{.message = message, .report = std::string(report)};
  if (ends_message(delivery)) {
    outcome.kind = Kind::end;
    outcome.serial = link_.give(link::Ended{.id = message->number});
    message->stage = LogMessage::Stage::ending;
  } else {
    const auto index = message->index_of(delivery.job->channel, delivery.position);
    outcome.serial = link_.give(link::Outcome{.id = message->number, .index = index, .kind = 'K'});
  }
  ++message->unwritten;
  outcome.delivery = std::move(delivery);
  unconfirmed_.push_back(std::move(outcome));
}

void Outcomes::fail(Delivery delivery, std::string_view report) {
  std::string note = queue::bounce_note(desk_.settings.routing.without_prefix(delivery.recipient), report);
  if (goes_to_log(delivery)) return tell_of_failure(std::move(delivery), report, std::move(note));
  desk_.log.put(log::delivery_failure(delivery.number, report), delivery.facts(ended, "failure", report));
  delivery.transaction.reset();
  note_failure(std::move(delivery), note);
}

void Outcomes::tell_of_failure(Delivery delivery, std::string_view report, std::string note) {
  const LogMessagePtr message = delivery.job->mail;
  const auto index = message->index_of(delivery.job->channel, delivery.position);
  message->failure_serial =
      link_.give(link::Outcome{.id = message->number, .index = index, .kind = 'D', .text = note});
  ++message->unwritten;
  unconfirmed_.push_back({.serial = message->failure_serial,
                          .kind = Kind::failure,
                          .message = message,
                          .delivery = std::move(delivery),
                          .report = std::string(report),
                          .note = std::move(note)});
}

void Outcomes::end(const LogMessagePtr& message) {
  message->stage = LogMessage::Stage::ending;
  ++message->unwritten;
  const std::uint64_t serial = link_.give(link::Ended{.id = message->number});
  unconfirmed_.push_back({.serial = serial, .kind = Kind::end, .message = message});
}

bool Outcomes::goes_to_log(const Delivery& delivery) const {
  return delivery.job->mail && delivery.job->mail->is_in_memory() && link_.is_open();
}

/// The end says it all if this was the only recipient left, and everybody knows that already.
bool Outcomes::ends_message(const Delivery& delivery) const {
  const Job& job = *delivery.job;
  const LogMessage& message = *job.mail;
  return message.stage == LogMessage::Stage::live && message.left == 1 && message.unwritten == 0 &&
         message.bounce.empty() && job.reached_end && delivery.job.use_count() == 1;
}

void Outcomes::confirm(std::uint64_t serial) {
  while (!unconfirmed_.empty() && unconfirmed_.front().serial <= serial) {
    Unconfirmed outcome = std::move(unconfirmed_.front());
    unconfirmed_.pop_front();
    act_on(std::move(outcome));
  }
}

void Outcomes::act_on(Unconfirmed outcome) {
  const LogMessagePtr& message = outcome.message;
  --message->unwritten;
  if (outcome.delivery.job) log_and_keep(std::move(outcome.delivery), outcome);
  if (outcome.kind != Kind::end) return desk_.log_mail.touch(message);
  if (!link_.is_open()) return;  // nobody knows whether the queue log has it
  desk_.log.put(log::end_message(message->number), {.event = "end", .message = id_of(*message)});
  desk_.log_mail.remove(message, LogMessage::Stage::ended);
}

void Outcomes::log_and_keep(Delivery delivery, const Unconfirmed& outcome) {
  delivery.transaction.reset();
  if (outcome.kind == Kind::failure) {
    desk_.log.put(log::delivery_failure(delivery.number, outcome.report),
                  delivery.facts(ended, "failure", outcome.report));
    note_failure(std::move(delivery), outcome.note);
  } else {
    desk_.log.put(log::delivery_success(delivery.number, outcome.report),
                  delivery.facts(ended, "success", outcome.report));
    mark_done(delivery);
    jobs_.release(std::move(delivery.job));
  }
  desk_.log_status_change();
}

void Outcomes::note_failure(Delivery delivery, std::string_view note) {
  while (!desk_.store.append_bounce(delivery.job->number, note))
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
