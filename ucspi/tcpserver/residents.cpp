#include "ucspi/tcpserver/residents.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <unistd.h>

#include "core/base/text.h"

namespace qmail::ucspi {
namespace {

/// The programs of ours that serve sessions as residents. Each calls resident::serve() in its main.cpp.
constexpr std::array<std::string_view, 1> able{"qmail-smtpd"};

/// What is said of a session when nobody is left to tell how it crashed.
constexpr int unknown_end = SIGKILL;

/// Between two starts of a program that does not stay.
constexpr std::int64_t pause_seconds = 60;

/// Of workers whose zygote is gone.
constexpr int no_generation = -1;

/// The folder this program was started from; empty if that cannot be known.
std::string own_folder() {
  std::array<char, 4096> path;
  const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
  if (size <= 0) return "";
  const std::string_view whole(path.data(), static_cast<std::size_t>(size));
  return std::string(whole.substr(0, whole.rfind('/')));
}

bool is_able(const std::string& program, const std::string& folder) {
  const auto stamp = FileStamp::of(program);
  return stamp && std::any_of(able.begin(), able.end(), [&](std::string_view name) {
           const auto ours = FileStamp::of(folder + "/" + std::string(name));
           return ours && ours->is_same_file(*stamp);
         });
}

}  // namespace

std::optional<std::string> find_program(const std::string& name, std::string_view path) {
  const auto can_run = [](const std::string& file) { return ::access(file.c_str(), X_OK) == 0; };
  if (name.find('/') != std::string::npos) return can_run(name) ? std::optional(name) : std::nullopt;
  for (const std::string_view folder : split(path, ':')) {
    const std::string file = (folder.empty() ? "" : std::string(folder) + "/") + name;
    if (can_run(file)) return file.find('/') == std::string::npos ? "./" + file : file;
  }
  return std::nullopt;
}

Residents::Residents(const Process& self, const std::string& program, Watch& watch)
    : self_(self), program_(program), watch_(watch), folder_(own_folder()) {
  const auto file = find_program(program_, self_.environment.get("PATH", "/bin:/usr/bin"));
  is_ours_ = !folder_.empty() && file && is_able(*file, folder_);
}

void Residents::make_room(std::size_t descriptors) {
  constexpr rlim_t others = 64;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= descriptors + others) return;
  rlimit wider = limit;
  wider.rlim_cur = std::min<rlim_t>(limit.rlim_max, descriptors + others);
  if (::setrlimit(RLIMIT_NOFILE, &wider) == 0) first_limit_ = limit;
}

std::optional<pid_t> Residents::serve(const resident::Job& job) {
  if (!is_ours_ || !is_staffed()) return std::nullopt;
  for (;;) {
    if (idle_.empty() && !hire()) return std::nullopt;
    const int fd = idle_.back();
    if (give(fd, job)) {
      idle_.pop_back();
      return seats_.at(fd).worker.pid();
    }
    if (errno == EMSGSIZE) return std::nullopt;
    // It left while nobody had work for it.
    dismiss(fd);
  }
}

bool Residents::give(int fd, const resident::Job& job) {
  Seat& seat = seats_.at(fd);
  seat.is_busy = seat.worker.give(job);
  return seat.is_busy;
}

/// True if there is a zygote of the program as it is now.
bool Residents::is_staffed() {
  if (current_ && generations_.at(*current_).zygote.is_current()) return true;
  retire();
  const auto file = find_program(program_, self_.environment.get("PATH", "/bin:/usr/bin"));
  if (!file || !is_able(*file, folder_)) return false;
  // A failed start may have taken as long as one waits for it, and nobody was served meanwhile.
  const std::int64_t now = self_.clock.now();
  if (failed_ && now >= *failed_ && now < *failed_ + pause_seconds) return false;
  failed_ = now;
  auto zygote = resident::Zygote::start({.argv = {*file}, .environment = self_.environment});
  if (!zygote || !watch_.add(zygote->fd())) return false;
  // Should it fail, its programs may open more files than they did before: no harm in that.
  if (first_limit_) static_cast<void>(::prlimit(zygote->pid(), RLIMIT_NOFILE, &*first_limit_, nullptr));
  failed_.reset();
  current_ = zygote->fd();
  processes_.insert(zygote->pid());
  generations_.emplace(*current_, Generation{.zygote = std::move(*zygote)});
  return true;
}

bool Residents::hire() {
  Generation& generation = generations_.at(*current_);
  auto worker = generation.zygote.hire();
  if (!worker || !watch_.add(worker->fd())) return false;
  ++generation.workers;
  const int fd = worker->fd();
  seats_.emplace(fd, Seat{.worker = std::move(*worker), .generation = *current_});
  idle_.push_back(fd);
  return true;
}

void Residents::take(int fd) {
  if (seats_.count(fd) > 0) take_end(fd);
  if (generations_.count(fd) > 0) take_deaths(fd);
}

void Residents::take_end(int fd) {
  Seat& seat = seats_.at(fd);
  const auto end = seat.worker.take_end();
  // One that speaks without having been asked is not to be trusted with more.
  const bool is_expected = end && seat.is_busy;
  if (is_expected) ended_.push_back({seat.worker.pid(), end->status});
  if (end) seat.is_busy = false;
  if (is_expected && !end->last && seat.generation == current_)
    idle_.push_back(fd);
  else
    dismiss(fd);
}

void Residents::take_deaths(int fd) {
  const auto deaths = generations_.at(fd).zygote.take_deaths();
  if (!deaths) return forget(fd);
  for (const resident::Death& death : *deaths) part({fd, death.worker}, {.status = death.status});
  let_go_if_done(fd);
}

/// Closes a worker's socket: it leaves, or it is gone.
void Residents::dismiss(int fd) {
  std::erase(idle_, fd);
  const auto seat = seats_.extract(fd);
  const resident::Worker& worker = seat.mapped().worker;
  const auto crashed = seat.mapped().is_busy ? std::optional(worker.pid()) : std::nullopt;
  const auto generation = generations_.find(seat.mapped().generation);
  if (generation == generations_.end()) {
    if (crashed) ended_.push_back({*crashed, unknown_end});
    return;
  }
  --generation->second.workers;
  part({generation->first, worker.number()}, {.crashed = crashed});
  let_go_if_done(generation->first);
}

/// One half of a worker's parting; the second completes it.
void Residents::part(const WorkerId& worker, const Parting& news) {
  const auto [known, is_first] = partings_.emplace(worker, news);
  if (is_first) return;
  const auto crashed = news.crashed ? news.crashed : known->second.crashed;
  const auto status = news.status ? news.status : known->second.status;
  if (crashed) ended_.push_back({*crashed, status.value_or(unknown_end)});
  partings_.erase(known);
}

/// A zygote that was replaced goes with the last of its workers.
void Residents::let_go_if_done(int generation) {
  const Generation& done = generations_.at(generation);
  const auto is_awaited = [&](const auto& entry) {
    return entry.first.first == generation && entry.second.crashed;
  };
  if (done.is_retired && done.workers == 0 && std::none_of(partings_.begin(), partings_.end(), is_awaited))
    forget(generation);
}

/// The zygote is gone, or let go: no more deaths are told.
void Residents::forget(int generation) {
  for (const auto& [worker, parting] : partings_)
    if (worker.first == generation && parting.crashed) ended_.push_back({*parting.crashed, unknown_end});
  std::erase_if(partings_, [&](const auto& entry) { return entry.first.first == generation; });
  for (auto& [fd, seat] : seats_)
    if (seat.generation == generation) seat.generation = no_generation;
  generations_.erase(generation);
  if (current_ == generation) current_.reset();
  // Those who serve finish first.
  for (const int fd : std::vector(idle_))
    if (seats_.at(fd).generation == no_generation) dismiss(fd);
}

void Residents::renew() {
  failed_.reset();
  retire();
}

void Residents::retire() {
  if (!current_) return;
  const int old = *std::exchange(current_, std::nullopt);
  generations_.at(old).is_retired = true;
  for (const int fd : std::vector(idle_)) dismiss(fd);
  if (generations_.count(old) > 0) let_go_if_done(old);
}

}  // namespace qmail::ucspi
