#include "ucspi/tcpserver/residents.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <unistd.h>

#include "core/base/text.h"

namespace qmail::ucspi {

/// A program of ours that serves as a resident. Each calls resident::serve() in its main.cpp.
struct Able {
  std::string_view name;
  bool is_asked;  ///< it stands before another program, and can tell of a client without having it
};

namespace {

constexpr std::array<Able, 2> able{{
    {.name = "qmail-smtpd", .is_asked = false},
    {.name = "rblsmtpd", .is_asked = true},
}};

/// What is said of a session when nobody is left to tell how it crashed.
constexpr int unknown_end = SIGKILL;

/// Between two starts of the same program when it does not stay.
constexpr std::int64_t pause_seconds = 60;

/// Of workers whose zygote is gone.
constexpr int no_generation = -1;

/// Which of them a file is; null if it is none of those in `folder`.
const Able* find_able(const std::string& program, const std::string& folder) {
  const auto stamp = FileStamp::of(program);
  if (!stamp || folder.empty()) return nullptr;
  const auto found = std::find_if(able.begin(), able.end(), [&](const Able& one) {
    const auto ours = FileStamp::of(folder + "/" + std::string(one.name));
    return ours && ours->is_same_file(*stamp);
  });
  return found == able.end() ? nullptr : &*found;
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

Residents::Residents(const Premises& premises, const std::string& program)
    : premises_(premises), program_(program) {
  const auto file = find_program(program_, premises_.self.environment.get("PATH", "/bin:/usr/bin"));
  if (file) ours_ = find_able(*file, premises_.folder);
}

bool Residents::are_asked() const { return ours_ != nullptr && ours_->is_asked; }

std::optional<pid_t> Residents::serve(const resident::Job& job) {
  const auto fd = give(job, Task::session);
  return fd ? std::optional(seats_.at(*fd).worker.pid()) : std::nullopt;
}

std::optional<int> Residents::ask(const resident::Job& question) { return give(question, Task::question); }

std::optional<std::string> Residents::take_answer(int fd) {
  auto end = finish(fd);
  return end ? std::optional(std::move(end->text)) : std::nullopt;
}

void Residents::give_up(int fd) { dismiss(fd); }

/// The descriptor of the worker that has it now.
std::optional<int> Residents::give(const resident::Job& job, Task task) {
  if (ours_ == nullptr || !is_staffed()) return std::nullopt;
  for (;;) {
    if (idle_.empty() && !hire()) return std::nullopt;
    const int fd = idle_.back();
    Seat& seat = seats_.at(fd);
    if (seat.worker.give(job)) {
      idle_.pop_back();
      seat.task = task;
      return fd;
    }
    if (errno == EMSGSIZE) return std::nullopt;
    // It left while nobody had work for it.
    dismiss(fd);
  }
}

/// True if there is a zygote of the program as it is now.
bool Residents::is_staffed() {
  if (current_ && generations_.at(*current_).zygote.is_current()) return true;
  retire();
  const auto file = find_program(program_, premises_.self.environment.get("PATH", "/bin:/usr/bin"));
  if (!file || find_able(*file, premises_.folder) != ours_) return false;
  const auto stamp = FileStamp::of(*file);
  if (!stamp || failed_recently(*stamp)) return false;
  failed_ = {.when = premises_.self.clock.now(), .file = *stamp};
  auto zygote = resident::Zygote::start({.argv = {*file}, .environment = premises_.self.environment});
  if (!zygote || !premises_.watch.add(zygote->fd())) return false;
  premises_.files.give_first_to(zygote->pid());
  failed_.reset();
  current_ = zygote->fd();
  processes_.insert(zygote->pid());
  generations_.emplace(*current_, Generation{.zygote = std::move(*zygote)});
  return true;
}

/// A failed start may have taken as long as one waits for it, and nobody was served meanwhile. Once the
/// program was replaced, perhaps while it was started, this says nothing any more.
bool Residents::failed_recently(const FileStamp& file) const {
  const std::int64_t now = premises_.self.clock.now();
  return failed_ && failed_->file == file && now >= failed_->when && now < failed_->when + pause_seconds;
}

bool Residents::hire() {
  Generation& generation = generations_.at(*current_);
  auto worker = generation.zygote.hire();
  if (!worker || !premises_.watch.add(worker->fd())) return false;
  ++generation.workers;
  const int fd = worker->fd();
  seats_.emplace(fd, Seat{.worker = std::move(*worker), .generation = *current_});
  idle_.push_back(fd);
  return true;
}

void Residents::take(int fd) {
  if (const auto found = seats_.find(fd); found != seats_.end()) {
    const bool is_session = found->second.task == Task::session;
    const pid_t pid = found->second.worker.pid();
    const auto end = finish(fd);
    if (end && is_session) ended_.push_back({pid, end->status});
  }
  if (generations_.count(fd) > 0) take_deaths(fd);
}

/// The end of what a worker was given; none if it is gone. It is idle then, or let go.
std::optional<resident::End> Residents::finish(int fd) {
  Seat& seat = seats_.at(fd);
  auto end = seat.worker.take_end();
  // One that speaks without having been asked is not to be trusted with more.
  const bool is_expected = end && seat.task != Task::none;
  if (end) seat.task = Task::none;
  if (is_expected && !end->last && seat.generation == current_)
    idle_.push_back(fd);
  else
    dismiss(fd);
  return end;
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
  const auto crashed = seat.mapped().task == Task::session ? std::optional(worker.pid()) : std::nullopt;
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
