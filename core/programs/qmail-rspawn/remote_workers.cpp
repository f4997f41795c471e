#include "core/programs/qmail-rspawn/remote_workers.h"

#include <array>
#include <csignal>

#include "core/base/failure.h"
#include "core/base/text.h"
#include "core/format/address.h"
#include "core/programs/qmail-rspawn/remote_report.h"

namespace qmail {
namespace {

/// A program that is not ours stays so until its file changes; what failed otherwise may work later.
constexpr std::int64_t seconds_between_starts = 60;

}  // namespace

RemoteWorkers::RemoteWorkers(std::string program, const Environment& environment, const Clock& clock)
    : program_(std::move(program)),
      environment_(environment),
      clock_(clock),
      nowhere_(::open("/dev/null", O_RDWR | O_CLOEXEC)) {
  if (!nowhere_) throw Failure::system("open /dev/null");
}

void RemoteWorkers::prepare(PollSet& set) { position_ = set.add(poller_.fd()); }

std::vector<queue::DeliveryReport> RemoteWorkers::act(const PollSet& set) {
  if (set.is_ready(position_)) poller_.call_ready();
  return std::exchange(reports_, {});
}

void RemoteWorkers::start_zygote() {
  last_program_ = FileStamp::of(program_);
  next_start_ = clock_.now() + seconds_between_starts;
  auto zygote = resident::Zygote::start({.argv = {program_}});
  if (!zygote) return;
  ++generation_;
  zygote_.emplace(std::move(*zygote));
  poller_.add(zygote_->fd(), [this] { hear_zygote(); });
}

void RemoteWorkers::end_zygote() {
  poller_.remove(zygote_->fd());
  zygote_.reset();
  // They would work on as the program they were started from.
  while (!idle_.empty()) {
    Hand& hand = *idle_.front();
    take_from_idle(hand);
    dismiss(hand);
  }
}

void RemoteWorkers::look_after_zygote() {
  if (zygote_ && zygote_->is_current()) return;
  if (zygote_) end_zygote();
  if (FileStamp::of(program_) != last_program_ || clock_.now() >= next_start_) start_zygote();
}

void RemoteWorkers::hear_zygote() {
  // Who died is known already: its socket has ended.
  if (!zygote_->take_deaths()) end_zygote();
}

bool RemoteWorkers::take(const queue::Delivery& delivery) {
  look_after_zygote();
  const std::string_view host = divide(delivery.recipients.front()).host;
  std::vector<std::string> args{program_, std::string(host), delivery.sender};
  args.insert(args.end(), delivery.recipients.begin(), delivery.recipients.end());
  const std::array fds{delivery.message.get(), nowhere_.get(), nowhere_.get()};
  const std::string domain = lower(host);
  while (Hand* hand = find_hand(domain)) {
    hand->domain = domain;
    if (hand->worker.give({.args = args, .environment = environment_, .fds = fds})) {
      hand->slot = delivery.slot;
      hand->recipients = delivery.recipients.size();
      return true;
    }
    if (errno == EMSGSIZE) {
      make_idle(*hand);
      return false;
    }
    dismiss(*hand);
  }
  return false;
}

RemoteWorkers::Hand* RemoteWorkers::find_hand(const std::string& domain) {
  if (idle_.empty()) return hire();
  const auto known = at_domain_.find(domain);
  Hand& hand = known == at_domain_.end() ? *idle_.front() : *known->second;
  take_from_idle(hand);
  return &hand;
}

RemoteWorkers::Hand* RemoteWorkers::hire() {
  auto worker = zygote_ ? zygote_->hire() : std::nullopt;
  if (!worker) return nullptr;
  const int fd = worker->fd();
  Hand& hand = hands_.emplace(fd, Hand{std::move(*worker), generation_}).first->second;
  poller_.add(hand.worker.fd(), [this, &hand] { hear_hand(hand); });
  return &hand;
}

void RemoteWorkers::hear_hand(Hand& hand) {
  const auto end = hand.worker.take_end();
  const bool was_idle = hand.recipients == 0;
  if (was_idle) {
    take_from_idle(hand);
  } else {
    const int status = end ? end->status : SIGKILL;
    reports_.push_back(
        {.slot = hand.slot, .texts = remote_reports(status, end ? end->text : "", hand.recipients)});
  }
  // An idle worker has nothing to say but that it is gone.
  if (end && !was_idle && !end->last && zygote_ && hand.generation == generation_)
    make_idle(hand);
  else
    dismiss(hand);
}

void RemoteWorkers::make_idle(Hand& hand) {
  hand.recipients = 0;
  hand.place = idle_.insert(idle_.begin(), &hand);
  hand.domain_place = at_domain_.emplace(hand.domain, &hand);
}

void RemoteWorkers::take_from_idle(Hand& hand) {
  idle_.erase(hand.place);
  at_domain_.erase(hand.domain_place);
}

void RemoteWorkers::dismiss(Hand& hand) {
  const int fd = hand.worker.fd();
  poller_.remove(fd);
  hands_.erase(fd);
}

}  // namespace qmail
