#include "core/programs/qmail-send/deliveries.h"

#include <algorithm>
#include <utility>

namespace qmail::send {
namespace {

using queue::Channel;

/// What becomes of a delivery that cannot be given its message.
const char* const not_passed = "Zqmail-send is out of descriptors. (#4.3.0)\n";

/// What the reports of one transaction say together.
Reception reception_of_all(const std::vector<std::string>& reports) {
  Reception all = Reception::unknown;
  for (const std::string& report : reports) {
    const Reception one = reception_of(report);
    if (one == Reception::refused) return one;
    if (one == Reception::served) all = one;
  }
  return all;
}

}  // namespace

Deliveries::Deliveries(Desk& desk, Outcomes& outcomes, std::array<Lines, 2>& lines,
                       std::array<SpawnerLink, 2> links)
    : desk_(desk),
      outcomes_(outcomes),
      sides_{Side{.link = std::move(links[0]), .load = desk.load[0], .lines = lines[0]},
             Side{.link = std::move(links[1]), .load = desk.load[1], .lines = lines[1]}} {
  for (const Channel channel : queue::every_channel)
    side(channel).load.limit = desk.settings.concurrency[at(channel)];
  desk_.log_status();
}

bool Deliveries::can_start(Channel channel) const {
  const Side& of = side(channel);
  return of.link.is_alive() && of.link.has_room() && of.load.used < of.load.limit;
}

/// The table is no larger than the most deliveries there ever were.
queue::Slot Deliveries::free_slot(Side& side) {
  if (side.free.empty()) {
    side.slots.emplace_back();
    return static_cast<queue::Slot>(side.slots.size() - 1);
  }
  const queue::Slot slot = side.free.back();
  side.free.pop_back();
  return slot;
}

void Deliveries::start(Channel channel, Lines::Start start) {
  Side& of = side(channel);
  const JobPtr job = start.group.job();
  queue::DeliveryRequest request{.slot = free_slot(of), .message = queue::split_name(job->number)};
  std::vector<Delivery>& deliveries = of.slots[request.slot].deliveries;
  ++of.load.used;
  const std::shared_ptr<log::Load> transaction(&of.load, [](log::Load* load) { --load->used; });
  start.group.for_each([&](std::uint64_t position, std::string_view recipient) {
    deliveries.push_back({job, ++last_number_, position, std::string(recipient), transaction});
    request.recipients.emplace_back(recipient);
    desk_.log.put(log::starting_delivery(last_number_, job->number, queue::name_of(channel),
                                         deliveries.back().recipient),
                  deliveries.back().facts("starting"));
  });
  request.sender = sender_for(job->sender, request.recipients.front());
  of.slots[request.slot].place = start.place;
  desk_.log_status();
  if (!job->mail || !job->mail->is_in_memory()) return of.link.send(request);
  Fd message = job->mail->pass_body();
  if (!message) {
    of.unsent.push_back(
        {.slot = request.slot, .texts = std::vector<std::string>(request.recipients.size(), not_passed)});
    return;
  }
  request.message = std::string("+").append(request.message);
  of.link.send(request, std::move(message));
}

std::vector<std::uint64_t> Deliveries::running(const Job& job) const {
  std::vector<std::uint64_t> positions;
  for (const Transaction& transaction : side(job.channel).slots)
    for (const Delivery& delivery : transaction.deliveries)
      if (delivery.job.get() == &job) positions.push_back(delivery.position);
  return positions;
}

bool Deliveries::can_exit() const {
  return std::none_of(sides_.begin(), sides_.end(),
                      [](const Side& side) { return side.link.is_alive() && side.load.used > 0; });
}

void Deliveries::prepare(PollSet& set) {
  for (Side& side : sides_) {
    side.link.prepare(set);
    if (!side.unsent.empty()) set.at_once();
  }
}

void Deliveries::act(const PollSet& set) {
  for (Side& side : sides_) {
    const bool was_alive = side.link.is_alive();
    for (const auto& report : side.link.act(set)) handle(side, report);
    for (const auto& report : std::exchange(side.unsent, {})) handle(side, report);
    if (was_alive && !side.link.is_alive()) {
      desk_.log.put(log::alert_lost_spawn());
      desk_.exit_asap = true;
    }
  }
  outcomes_.settle();
}

void Deliveries::handle(Side& side, const queue::DeliveryReport& report) {
  if (report.slot >= side.slots.size() || side.slots[report.slot].deliveries.empty())
    return desk_.log.put(log::delivery_out_of_range());
  Transaction transaction = std::exchange(side.slots[report.slot], {});
  side.free.push_back(report.slot);
  side.lines.leave(transaction.place, reception_of_all(report.texts));
  bool is_logged = false;
  for (std::size_t i = 0; i < transaction.deliveries.size(); ++i)
    is_logged |=
        outcomes_.take(std::move(transaction.deliveries[i]), i < report.texts.size() ? report.texts[i] : "");
  if (is_logged) desk_.log_status();
}

}  // namespace qmail::send
