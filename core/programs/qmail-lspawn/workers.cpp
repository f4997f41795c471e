#include "core/programs/qmail-lspawn/workers.h"

#include <csignal>
#include <sys/wait.h>
#include <utility>

namespace qmail {
namespace {

/// Every user's worker leaves two seconds after its last delivery; with mail for many users that is too many.
constexpr std::size_t most_idle = 100;
/// A program that cannot be started is not tried for every delivery.
constexpr std::int64_t pause_seconds = 1;
/// For a worker of whose death nobody can tell.
constexpr int killed = W_EXITCODE(0, SIGKILL);

}  // namespace

bool Workers::give(queue::Slot slot, const Identity& identity, int message, std::span<const std::string> args,
                   const Environment& environment) {
  Team* const team = current_team();
  if (team == nullptr) return false;
  auto output = Pipe::try_make();
  if (!output) return false;
  const std::array fds{message, output->write.get(), output->write.get()};
  const auto member = find_member(*team, identity, {.args = args, .environment = environment, .fds = fds});
  if (!member) return false;
  (*member)->slot = slot;
  team->members.splice(team->members.end(), team->members, *member);
  running_.insert_or_assign(slot, Running{.output = {std::move(output->read), longest_output_}});
  return true;
}

/// One that has taken the job.
std::optional<Workers::Place> Workers::find_member(Team& team, const Identity& identity,
                                                   const resident::Job& job) {
  for (Place member = team.members.begin(); member != team.members.end() && !member->slot;) {
    if (member->identity != identity) {
      ++member;
    } else if (member->worker.give(job)) {
      return member;
    } else if (errno == EMSGSIZE) {
      return std::nullopt;
    } else {
      member = team.members.erase(member);  // it was leaving
    }
  }
  auto hired = team.zygote.hire(identity);
  if (!hired || !hired->give(job)) return std::nullopt;
  team.members.push_front({.worker = std::move(*hired), .identity = identity});
  return team.members.begin();
}

Workers::Team* Workers::current_team() {
  const bool is_current = !teams_.empty() && !teams_.back().is_lost && teams_.back().zygote.is_current();
  if (!is_current && !start_team()) return nullptr;
  return &teams_.back();
}

bool Workers::start_team() {
  const std::int64_t now = clock_.now();
  if (now < not_before_) return false;
  not_before_ = now + pause_seconds;
  if (!teams_.empty()) dismiss_idle(teams_.back(), 0);
  auto zygote = resident::Zygote::start({.argv = {program_}, .directory = home_});
  if (!zygote) return false;
  teams_.push_back({.zygote = std::move(*zygote)});
  return true;
}

void Workers::prepare(PollSet& set) {
  for (Team& team : teams_) {
    team.polled = set.add(team.is_lost ? -1 : team.zygote.fd());
    for (Member& member : team.members) member.polled = set.add(member.worker.fd());
  }
  for (auto& [slot, running] : running_) running.output.prepare(set);
}

std::vector<queue::Ended> Workers::act(const PollSet& set) {
  for (Team& team : teams_) act(team, set);
  const auto is_over = [&](const Team& team) {
    return (&team != &teams_.back() || team.is_lost) && team.members.empty() && team.dead.empty();
  };
  std::erase_if(teams_, is_over);
  std::vector<queue::Ended> ended;
  for (auto& [slot, running] : running_) {
    running.output.act(set);
    if (running.output.has_ended() && running.status)
      ended.push_back({.slot = slot, .status = *running.status, .output = running.output.text()});
  }
  for (const queue::Ended& over : ended) running_.erase(over.slot);
  return ended;
}

void Workers::act(Team& team, const PollSet& set) {
  for (Place next = team.members.begin(); next != team.members.end();) {
    const Place member = next++;
    if (set.is_ready(std::exchange(member->polled, not_polled))) take_end(team, member);
  }
  if (set.is_ready(team.polled)) take_deaths(team);
  const bool is_retired = &team != &teams_.back();
  dismiss_idle(team, is_retired ? 0 : most_idle);
}

/// The worker has something to tell, or is gone.
void Workers::take_end(Team& team, Place member) {
  const auto end = member->slot ? member->worker.take_end() : std::nullopt;
  if (!end) {
    if (member->slot && team.is_lost) set_status(*member->slot, killed);
    if (member->slot && !team.is_lost) team.dead.emplace(member->worker.number(), *member->slot);
    team.members.erase(member);
    return;
  }
  set_status(*member->slot, end->status);
  member->slot.reset();
  if (end->last)
    team.members.erase(member);
  else
    team.members.splice(team.members.begin(), team.members, member);
}

void Workers::take_deaths(Team& team) {
  const auto deaths = team.zygote.take_deaths();
  for (const resident::Death& death : deaths.value_or(std::vector<resident::Death>())) {
    for (Place next = team.members.begin(); next != team.members.end();) {
      const Place member = next++;
      // What it said last may have come just now.
      if (member->worker.number() == death.worker && member->slot) take_end(team, member);
    }
    if (const auto dead = team.dead.extract(death.worker)) set_status(dead.mapped(), death.status);
  }
  if (deaths) return;
  team.is_lost = true;
  for (const auto& [number, slot] : std::exchange(team.dead, {})) set_status(slot, killed);
}

void Workers::dismiss_idle(Team& team, std::size_t most) {
  auto member = team.members.begin();
  for (std::size_t kept = 0; kept < most && member != team.members.end() && !member->slot; ++kept) ++member;
  while (member != team.members.end() && !member->slot) member = team.members.erase(member);
}

void Workers::set_status(queue::Slot slot, int status) {
  if (const auto at = running_.find(slot); at != running_.end()) at->second.status = status;
}

}  // namespace qmail
