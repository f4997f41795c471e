#include "core/programs/qmail-send/tidying.h"

#include <algorithm>
#include <sys/stat.h>

#include "core/queue/state.h"

namespace qmail::send {
namespace {

/// Ended together at most.
constexpr std::size_t most_at_once = 32;
constexpr std::int64_t between_cleanups_seconds = 76431;
constexpr int looked_at_a_round = 32;

}  // namespace

void Finisher::prepare(PollSet& set) const {
  if (desk_.exit_asap) return;
  if (!desk_.unclear.empty()) set.until(desk_.unclear.first_time());
  if (!desk_.done.empty()) set.until(desk_.done.first_time());
}

void Finisher::act() {
  if (desk_.is_settling) return;
  if (const auto due = desk_.unclear.take_due(desk_.now)) desk_.add(due->number);
  auto numbers = take_finished();
  if (!numbers.empty()) end(std::move(numbers));
}

/// Bounces take time: after one the others wait for the next round.
std::vector<queue::Number> Finisher::take_finished() {
  std::vector<queue::Number> finished;
  while (finished.size() < most_at_once) {
    const auto due = desk_.done.take_due(desk_.now);
    if (!due) break;
    if (!is_finished(due->number)) continue;
    const Bounced bounced = bounce_failures(desk_, due->number);
    if (bounced == Bounced::trouble)
      try_later(due->number);
    else
      finished.push_back(due->number);
    if (bounced != Bounced::nothing) break;
  }
  return finished;
}

bool Finisher::is_finished(queue::Number number) {
  // The log must know first that it has moved: info is what tells so at the next start.
  if (desk_.log_mail.find(number)) return false;
  auto answer = desk_.store.standing(number);
  if (const auto* trouble = std::get_if<queue::Trouble>(&answer)) {
    desk_.warn_later(*trouble);
    try_later(number);
    return false;
  }
  const auto& standing = std::get<queue::Standing>(answer);
  const auto& due = standing.due;
  return standing.preprocessed &&
         std::none_of(due.begin(), due.end(), [](const auto& on) { return on.has_value(); });
}

bool Finisher::made_durable(const std::optional<queue::Trouble>& trouble,
                            const std::vector<queue::Number>& numbers) {
  if (!trouble) return true;
  desk_.warn_later(*trouble);
  for (const queue::Number number : numbers) try_later(number);
  return false;
}

/// Each step is durable before the next begins, whatever order the disk prefers: a message without info
/// must have no list, and mess is the last to go.
void Finisher::end(std::vector<queue::Number> numbers) {
  if (!made_durable(desk_.store.sync_removals(numbers), numbers)) return;
  std::erase_if(numbers, [&](queue::Number number) {
    desk_.log.put(log::end_message(number), desk_.facts("end", number));
    const auto trouble = desk_.store.remove_info(number);
    if (trouble) {
      desk_.warn_later(*trouble);
      try_later(number);
    }
    return trouble.has_value();
  });
  if (const auto trouble = desk_.store.sync_infos(numbers)) return desk_.warn(*trouble);
  for (const queue::Number number : numbers) cleaner_.remove_message(number);
}

void Cleanup::prepare(PollSet& set) const {
  if (desk_.is_loading) return;  // deliveries first
  if (scan_) set.at_once();
  set.until(next_);
}

void Cleanup::act() {
  if (desk_.is_loading) return;
  if (!scan_) {
    if (desk_.now < next_) return;
    scan_.emplace(layout_, queue::Part::mess);
  }
  for (int looked = 0; looked < looked_at_a_round; ++looked) {
    const auto number = scan_->next();
    if (!number) {
      if (scan_->unreadable()) return desk_.sleep_after(log::alert_opendir(*scan_->unreadable()));
      scan_.reset();
      next_ = desk_.now + between_cleanups_seconds;
      return;
    }
    if (is_abandoned(*number)) cleaner_.remove_message(*number);
  }
}

bool Cleanup::is_abandoned(queue::Number number) const {
  if (desk_.log_mail.find(number)) return false;
  const auto exists = [&](queue::Part part, struct stat& found) {
    return ::fstatat(layout_.fd(), queue::name_of(part, number).c_str(), &found, 0) == 0;
  };
  struct stat mess {
  }, other{};
  if (!exists(queue::Part::mess, mess) || desk_.now <= mess.st_atime + queue::abandoned_after_seconds)
    return false;
  if (exists(queue::Part::info, other) || errno != ENOENT) return false;
  return !exists(queue::Part::todo, other) && errno == ENOENT;
}

}  // namespace qmail::send
