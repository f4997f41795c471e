#include "core/programs/qmail-send/lines.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/base/text.h"
#include "core/format/address.h"

namespace qmail::send {
namespace {

/// That a domain refuses deliveries is remembered while nothing waits for it, but not of more domains than
/// this.
constexpr std::size_t most_remembered = 10000;

}  // namespace

void Group::put(std::uint64_t position, std::string_view address) {
  char bytes[sizeof position];
  std::memcpy(bytes, &position, sizeof position);
  if (packed_.empty()) packed_.reserve(sizeof position + address.size() + 1);
  packed_.append(bytes, sizeof position).append(address).push_back('\0');
  ++count_;
}

std::uint64_t Group::position_at(std::size_t at) const {
  std::uint64_t position = 0;
  std::memcpy(&position, packed_.data() + at, sizeof position);
  return position;
}

bool Lines::add(const JobPtr& job, std::uint64_t position, std::string_view recipient,
                std::size_t most_in_group) {
  if (bytes_ >= most_bytes_) return false;
  Domain& domain = domain_of(recipient);
  if (domain.waiting.empty() || domain.waiting.back().job() != job ||
      domain.waiting.back().count() >= most_in_group) {
    domain.waiting.emplace_back(job);
    bytes_ += domain.waiting.back().bytes();
  }
  Group& group = domain.waiting.back();
  bytes_ -= group.bytes();
  group.put(position, recipient);
  bytes_ += group.bytes();
  update(domain);
  return true;
}

Lines::Start Lines::take() {
  Domain& domain = *ready_.front();
  ready_.pop_front();
  domain.turn.reset();
  Group group = std::move(domain.waiting.front());
  domain.waiting.pop_front();
  bytes_ -= group.bytes();
  ++domain.running;
  update(domain);
  return {std::move(group), Place(domain, ++last_serial_)};
}

void Lines::leave(const Place& place, Reception reception) {
  Domain& domain = *place.domain_;
  if (limits_ == nullptr) reception = Reception::unknown;
  if (reception == Reception::served) domain.cap.serve();
  if (reception == Reception::refused) domain.cap.refuse(place.serial_, last_serial_, domain.running);
  --domain.running;
  update(domain);
}

Lines::Domain& Lines::domain_of(std::string_view recipient) {
  std::string name = limits_ == nullptr ? std::string() : lower(divide(recipient).host);
  const auto found = domains_.find(name);
  if (found != domains_.end()) return found->second;
  const auto limit = limits_ == nullptr ? std::nullopt : limits_->of(name);
  const auto made =
      domains_.emplace(std::move(name), Domain(std::min(limit.value_or(most_running_), most_running_))).first;
  made->second.name = made->first;
  return made->second;
}

void Lines::update(Domain& domain) {
  const bool can_use_turn = !domain.waiting.empty() && domain.running < domain.cap.now();
  if (can_use_turn && !domain.turn) domain.turn = ready_.insert(ready_.end(), &domain);
  if (!can_use_turn && domain.turn) {
    ready_.erase(*domain.turn);
    domain.turn.reset();
  }
  const bool is_idle = domain.waiting.empty() && domain.running == 0;
  if (is_idle && (domain.cap.is_whole() || domains_.size() > most_remembered))
    domains_.erase(domains_.find(std::string(domain.name)));
}

}  // namespace qmail::send
