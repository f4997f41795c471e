#include "core/programs/qmail-send/deliveries.h"

#include <algorithm>
#include <utility>

namespace qmail::send {
namespace {

using queue::Channel;

std::size_t at(Channel channel) { return static_cast<std::size_t>(channel); }

}  // namespace

Deliveries::Deliveries(Desk& desk, Outcomes& outcomes, std::array<SpawnerLink, 2> links)
    : desk_(desk),
      outcomes_(outcomes),
      sides_{Side{.link = std::move(links[0]), .load = desk.load[at(Channel::local)]},
             Side{.link = std::move(links[1]), .load = desk.load[at(Channel::remote)]}} {
  for (const Channel channel : queue::every_channel)
    side(channel).load.limit = desk.settings.concurrency[at(channel)];
  desk_.log_status();
}

bool Deliveries::can_start(Channel channel) const {
  const Side& of = side(channel);
  return of.link.is_alive() && of.link.has_room() && of.load.used < of.load.limit;
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
  ++of.load.used;
  of.link.send({.slot = slot,
                .message = queue::split_name(job->number),
                .sender = sender_for(job->sender, recipient),
                .recipients = {recipient}});
  desk_.log.put(log::starting_delivery(last_number_, job->number, queue::name_of(job->channel), recipient));
  desk_.log_status();
}

bool Deliveries::can_exit() const {
  return std::none_of(sides_.begin(), sides_.end(),
                      [](const Side& side) { return side.link.is_alive() && side.load.used > 0; });
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
  outcomes_.settle();
}

void Deliveries::handle(Side& side, const queue::DeliveryReport& report) {
  if (report.slot >= side.slots.size() || !side.slots[report.slot].job)
    return desk_.log.put(log::delivery_out_of_range());
  --side.load.used;
  const std::string text = report.texts.empty() ? "" : report.texts.front();
  outcomes_.take(std::exchange(side.slots[report.slot], {}), text);
  desk_.log_status();
}

}  // namespace qmail::send
