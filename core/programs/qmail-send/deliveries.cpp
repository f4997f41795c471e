#include "core/programs/qmail-send/deliveries.h"

#include <algorithm>
#include <utility>

#include "core/programs/qmail-send/bounce_text.h"

namespace qmail::send {
namespace {

using queue::Channel;

constexpr std::string_view gave_up =
    "I'm not going to try again; this message has been in the queue too long.\n";

std::size_t at(Channel channel) { return static_cast<std::size_t>(channel); }

}  // namespace

Deliveries::Deliveries(Desk& desk, Jobs& jobs, std::array<SpawnerLink, 2> links)
    : desk_(desk),
      jobs_(jobs),
      sides_{Side{.link = std::move(links[0]), .limit = desk.settings.concurrency[at(Channel::local)]},
             Side{.link = std::move(links[1]), .limit = desk.settings.concurrency[at(Channel::remote)]}} {
  log_status();
}

void Deliveries::log_status() {
  const Side& local = side(Channel::local);
  const Side& remote = side(Channel::remote);
  desk_.log.put(log::status({local.used, local.limit}, {remote.used, remote.limit}, desk_.exit_asap));
}

bool Deliveries::can_start(Channel channel) const {
  const Side& of = side(channel);
  return of.link.is_alive() && of.link.has_room() && of.used < of.limit;
}

/// The lowest that is free, so that the table is no larger than the most deliveries there ever were.
queue::Slot Deliveries::free_slot(Side& side) {
  const auto free =
      std::find_if(side.slots.begin(), side.slots.end(), [](const Delivery& slot) { return !slot.job; });
  const auto slot = static_cast<queue::Slot>(free - side.slots.begin());
  if (free == side.slots.end()) side.slots.emplace_back();
  return slot;
}

void Deliveries::start(const JobPtr& job, std::uint64_t position, const std::string& recipient) {
  Side& of = side(job->channel);
  const queue::Slot slot = free_slot(of);
  of.slots[slot] = {.job = job, .number = ++last_number_, .position = position, .recipient = recipient};
  ++of.used;
  of.link.send({.slot = slot,
                .message = queue::split_name(job->number),
                .sender = sender_for(job->sender, recipient),
                .recipient = recipient});
  desk_.log.put(log::starting_delivery(last_number_, job->number, queue::name_of(job->channel), recipient));
  log_status();
}

bool Deliveries::can_exit() const {
  return std::none_of(sides_.begin(), sides_.end(),
                      [](const Side& side) { return side.link.is_alive() && side.used > 0; });
}

void Deliveries::prepare(PollSet& set) const {
  for (const Side& side : sides_) side.link.prepare(set);
}

void Deliveries::act(const PollSet& set) {
  for (Side& side : sides_) {
    const bool was_alive = side.link.is_alive();
    for (const auto& report : side.link.act(set)) handle(side, report);
    if (was_alive && !side.link.is_alive()) {
      desk_.log.put(log::alert_lost_spawn());
      desk_.exit_asap = true;
    }
  }
  settle_failures();
}

void Deliveries::handle(Side& side, const queue::DeliveryReport& report) {
  if (report.slot >= side.slots.size() || !side.slots[report.slot].job)
    return desk_.log.put(log::delivery_out_of_range());
  --side.used;
  handle(std::exchange(side.slots[report.slot], {}), report.text);
  log_status();
}

void Deliveries::handle(Delivery delivery, std::string_view report) {
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

void Deliveries::note_failure(Delivery delivery, std::string_view report) {
  desk_.log.put(log::delivery_failure(delivery.number, report));
  const std::string note = bounce_note(desk_.settings.routing.without_prefix(delivery.recipient), report);
  std::string_view rest = note;
  while (!desk_.store.append_bounce(delivery.job->number, rest))
    desk_.sleep_after(log::alert_bounce_append());
  failed_.push_back(std::move(delivery));
}

/// A recipient is done only when the note that tells the sender survives power loss; one sync serves all the
/// failures of a round.
void Deliveries::settle_failures() {
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

void Deliveries::mark_done(const Delivery& delivery) {
  Job& job = *delivery.job;
  if (!desk_.store.mark_done(job.number, job.channel, delivery.position))
    desk_.log.put(log::warning_marking(desk_.store.list_name(job.number, job.channel)));
  --job.left;
}

}  // namespace qmail::send
