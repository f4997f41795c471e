#include "core/programs/qmail-lspawn/workers.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <iterator>
#include <sys/stat.h>
#include <sys/wait.h>
#include <utility>

#include "core/users/together.h"

namespace qmail {
namespace {

/// Every user's worker leaves two seconds after its last delivery; with mail for many users that is too many.
constexpr std::size_t most_idle = 100;
/// How many make deliveries together for one user. A disk that takes its time for a sync serves many at once
/// as well as one; beyond this, more of them cost more than they gain.
constexpr std::size_t most_workers_each = 3;
/// What takes longer to write would hold up the others.
constexpr off_t largest_together = off_t{1} << 20;
constexpr std::int64_t remembered_seconds = 10;
constexpr std::size_t most_remembered = 10000;
/// A program that cannot be started is not tried for every delivery.
constexpr std::int64_t pause_seconds = 1;
/// For a worker of whose death nobody can tell.
constexpr int killed = W_EXITCODE(0, SIGKILL);

}  // namespace

void Workers::add(LocalTask task) {
  task.is_alone = task.is_alone || prefers_alone(task);
  waiting_.push_back(std::move(task));
}

/// A large message, or one to a user who has commands run, as was seen a short while ago.
bool Workers::prefers_alone(const LocalTask& task) {
  struct stat status {};
  if (::fstat(task.message.get(), &status) < 0 || status.st_size > largest_together) return true;
  const auto since = alone_since_.find(task.identity);
  if (since == alone_since_.end()) return false;
  const std::int64_t age = clock_.now() - since->second;
  if (age >= 0 && age < remembered_seconds) return true;
  alone_since_.erase(since);
  return false;
}

std::vector<LocalTask> Workers::dispatch() {
  std::vector<LocalTask> refused;
  for (std::size_t next = 0; next < waiting_.size();) {
    const std::size_t busy = waiting_[next].is_alone ? 0 : busy_workers(waiting_[next].identity);
    if (busy >= most_workers_each) {
      ++next;  // one of them is soon done, and takes it with others that wait by then
      continue;
    }
    std::vector<LocalTask> tasks = take_companions(next, most_workers_each - busy);
    const bool is_given = tasks.front().is_alone ? give_alone(tasks) : give(tasks);
    if (!is_given) std::move(tasks.begin(), tasks.end(), std::back_inserter(refused));
  }
  return refused;
}

/// One waiting delivery, with its share of those that can be made together with it.
std::vector<LocalTask> Workers::take_companions(std::size_t first, std::size_t free_workers) {
  const Identity identity = waiting_[first].identity;
  const auto is_companion = [&](const LocalTask& task) {
    return !task.is_alone && task.identity == identity;
  };
  const auto from = waiting_.begin() + static_cast<std::ptrdiff_t>(first);
  const auto all = static_cast<std::size_t>(std::count_if(from, waiting_.end(), is_companion));
  const std::size_t share = std::min(users::most_together, (all + free_workers - 1) / free_workers);
  const std::size_t most = waiting_[first].is_alone ? 1 : share;
  std::vector<LocalTask> tasks;
  const auto is_taken = [&](LocalTask& task) {
    const bool fits = tasks.empty() || (tasks.size() < most && is_companion(task));
    if (fits) tasks.push_back(std::move(task));
    return fits;
  };
  waiting_.erase(std::remove_if(from, waiting_.end(), is_taken), waiting_.end());
  return tasks;
}

/// Those that make deliveries together.
std::size_t Workers::busy_workers(const Identity& identity) const {
  std::size_t found = 0;
  for (const Team& team : teams_)
    for (const Member& member : team.members)
      if (member.identity == identity && !member.tasks.empty() && !member.tasks.front().is_alone) ++found;
  return found;
}

bool Workers::give(std::vector<LocalTask>& tasks) {
  std::vector<std::string> args{tasks.front().args.front(), std::string(users::together)};
  std::vector<int> fds;
  for (const LocalTask& task : tasks) {
    args.insert(args.end(), task.args.begin() + 1, task.args.end());
    fds.push_back(task.message.get());
  }
  // No command is run.
  const Environment none;
  const std::size_t count = tasks.size();
  if (!hand_over(tasks.front().identity, {.args = args, .environment = none, .fds = fds}, tasks))
    return false;
  busy_ += count;
  return true;
}

bool Workers::give_alone(std::vector<LocalTask>& tasks) {
  const LocalTask& task = tasks.front();
  const queue::Slot slot = task.slot;
  auto output = Pipe::try_make();
  if (!output) return false;
  const std::array fds{task.message.get(), output->write.get(), output->write.get()};
  if (!hand_over(task.identity, {.args = task.args, .environment = environment_, .fds = fds}, tasks))
    return false;
  running_.insert_or_assign(slot, Running{.output = {std::move(output->read), longest_output_}});
  return true;
}

bool Workers::hand_over(const Identity& identity, const resident::Job& job, std::vector<LocalTask>& tasks) {
  Team* const team = current_team();
  if (team == nullptr) return false;
  const auto member = find_member(*team, identity, job);
  if (!member) return false;
  (*member)->tasks = std::move(tasks);
  team->members.splice(team->members.end(), team->members, *member);
  return true;
}

/// One that has taken the job.
std::optional<Workers::Place> Workers::find_member(Team& team, const Identity& identity,
                                                   const resident::Job& job) {
  for (Place member = team.members.begin(); member != team.members.end() && member->tasks.empty();) {
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
  std::vector<queue::Ended> ended = std::exchange(ended_, {});
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
  std::vector<LocalTask> tasks = std::exchange(member->tasks, {});
  const auto end = tasks.empty() ? std::nullopt : member->worker.take_end();
  if (!end) {
    if (team.is_lost)
      finish(std::move(tasks), killed, "");
    else if (!tasks.empty())
      team.dead.emplace(member->worker.number(), std::move(tasks));
    team.members.erase(member);
    return;
  }
  finish(std::move(tasks), end->status, end->text);
  if (end->last)
    team.members.erase(member);
  else
    team.members.splice(team.members.begin(), team.members, member);
}

void Workers::take_deaths(Team& team) {
  const auto deaths = team.zygote.take_deaths();
  for (const resident::Death& death : deaths.value_or(std::vector<resident::Death>())) {
    // What it said last may have come just now.
    const auto member = std::find_if(team.members.begin(), team.members.end(), [&](const Member& one) {
      return one.worker.number() == death.worker && !one.tasks.empty();
    });
    if (member != team.members.end()) take_end(team, member);
    if (auto dead = team.dead.extract(death.worker)) finish(std::move(dead.mapped()), death.status, "");
  }
  if (deaths) return;
  team.is_lost = true;
  for (auto& [number, tasks] : std::exchange(team.dead, {})) finish(std::move(tasks), killed, "");
}

void Workers::dismiss_idle(Team& team, std::size_t most) {
  auto member = team.members.begin();
  for (std::size_t kept = 0; kept < most && member != team.members.end() && member->tasks.empty(); ++kept)
    ++member;
  while (member != team.members.end() && member->tasks.empty()) member = team.members.erase(member);
}

/// These are over, but for their output, or they have to be made alone.
void Workers::finish(std::vector<LocalTask> tasks, int status, std::string_view text) {
  if (tasks.empty()) return;
  if (tasks.front().is_alone) {
    if (const auto at = running_.find(tasks.front().slot); at != running_.end()) at->second.status = status;
    return;
  }
  busy_ -= tasks.size();
  const auto outcomes = users::parse_outcomes(text, tasks.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (!outcomes) {
      // Without outcomes it has not ended well, or it is not one of ours.
      ended_.push_back({.slot = tasks[i].slot, .status = status == 0 ? killed : status, .output = ""});
    } else if (const auto code = (*outcomes)[i].exit_code) {
      ended_.push_back(
          {.slot = tasks[i].slot, .status = W_EXITCODE(*code, 0), .output = (*outcomes)[i].output});
    } else {
      if (alone_since_.size() >= most_remembered) alone_since_.clear();
      alone_since_[tasks[i].identity] = clock_.now();
      tasks[i].is_alone = true;
      waiting_.push_back(std::move(tasks[i]));
    }
  }
}

}  // namespace qmail
