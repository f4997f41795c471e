#include "core/programs/qmail-queue/resident.h"

#include <algorithm>
#include <cerrno>
#include <signal.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <utility>

#include "core/base/io.h"
#include "core/base/signals.h"
#include "core/log/events.h"
#include "core/programs/qmail-queue/handover.h"
#include "core/programs/qmail-queue/qmail_queue.h"

namespace qmail::queue {
namespace {

// What the watcher calls what is no connection.
constexpr std::uint64_t listener_name = 0, link_name = 1, mover_name = 2, children_name = 3;

constexpr std::int64_t log_retry_seconds = 10;
constexpr std::int64_t make_retry_seconds = 10;
constexpr std::int64_t commit_retry_seconds = 1;
constexpr std::int64_t room_retry_seconds = 1;
/// A message waits so long for the mover at least. Going into the layout instead costs more than the mover
/// has to do for it, and would make that slower still.
constexpr std::int64_t early_seconds = 2;
/// Told to leave the log at once.
constexpr std::size_t most_leaving = 1024;
/// How long those who are connected may go on when no more are to come.
constexpr std::int64_t drain_seconds = 5;
constexpr int tick_milliseconds = 1000;
constexpr std::size_t most_connections = 4096;
constexpr std::size_t most_children = 40;
/// Of messages that wait for one commit.
constexpr std::size_t most_waiting_bytes = std::size_t{4} << 20;
/// Of messages that qmail-send has in memory.
constexpr std::size_t most_lent_bytes = std::size_t{64} << 20;

Fd watch_children() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  signals::block(SIGCHLD);
  Fd fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd) throw Failure::system("watch children");
  return fd;
}

void drain_signals(const Fd& fd) {
  signalfd_siginfo ignored{};
  while (::read(fd.get(), &ignored, sizeof ignored) > 0) continue;
}

/// How many descriptors this process may have.
std::size_t raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) < 0) return 0;
  const auto before = static_cast<std::size_t>(limit.rlim_cur);
  limit.rlim_cur = limit.rlim_max;
  return ::setrlimit(RLIMIT_NOFILE, &limit) < 0 ? before : static_cast<std::size_t>(limit.rlim_max);
}

/// From `now` to `then`, rounded up; 0 if that is over.
int milliseconds_until(const Moment& then, const Moment& now) {
  const std::int64_t microseconds =
      (then.seconds - now.seconds) * 1'000'000 + (then.microseconds - now.microseconds);
  return static_cast<int>(std::clamp<std::int64_t>((microseconds + 999) / 1000, 0, tick_milliseconds));
}

}  // namespace

Resident::Resident(Residence residence)
    : world_(std::move(residence)),
      layout_(Layout::open(world_.home)),
      ids_(users::read_ids(world_.home)),
      child_signals_(watch_children()),
      mover_(layout_),
      link_(std::move(world_.link), mover_, most_lent_bytes),
      reception_(watcher_, listener_name, world_.clock, world_.limits) {
  if (!watcher_.watch(link_.fd(), link_name) || !watcher_.watch(child_signals_.get(), children_name))
    throw Failure::system("watch descriptors");
}

void Resident::run() {
  use_log();
  link_.tell_live();
  is_live_ = true;
  while (!link_.is_lost() && !must_restart_) {
    wait();
    use_log();
    take_submissions();
    settle();
    want_from_mover();
    want_room();
    if (link_.drain_wanted()) drain();
    mover_.flush();
    link_.flush();
  }
  reception_.close(world_.home);
  take_submissions();
  settle();
  mover_.stop();
}

// ---- waiting ----

int Resident::patience() const {
  const bool is_timed = !log_ || !reception_.is_idle() || !stuck_.empty() || !early_.empty() || !may_make_ ||
                        mover_.pid() == 0 || (drain_deadline_ && !drained_);
  const int longest = is_timed ? tick_milliseconds : -1;
  const auto due = log_ ? log_->sync_due() : std::nullopt;
  if (!due) return longest;
  const Moment later{.seconds = std::max(due->seconds, commit_due_), .microseconds = due->microseconds};
  return milliseconds_until(later, world_.clock.moment());
}

void Resident::wait() {
  watcher_.watch_writable(link_.fd(), link_name, link_.has_backlog());
  if (mover_.fd() >= 0) watcher_.watch_writable(mover_.fd(), mover_name, mover_.has_backlog());
  for (const epoll_event& ready : watcher_.wait(patience())) serve(ready.data.u64);
  reception_.tick();
}

void Resident::serve(std::uint64_t name) {
  switch (name) {
    case link_name: return link_.take_orders();
    case mover_name: return take_from_mover();
    case children_name: return reap_children();
    default: return reception_.serve(name);
  }
}

// ---- the log ----

void Resident::use_log() {
  const std::int64_t now = world_.clock.now();
  if (log_ || drain_deadline_ || now < log_due_) return;
  log_due_ = now + log_retry_seconds;
  auto opened = queue_log::Log::open(
      layout_, world_.clock, [this](const std::string& line) { say(line); }, world_.log_settings);
  if (const auto* reason = std::get_if<std::string>(&opened)) return tell_of_missing_log(*reason);
  log_ = std::move(std::get<0>(opened));
  // It would not be known which of them belong to the layout by now: only a start can tell.
  must_restart_ = is_live_ && log_->live_count() != 0;
  if (must_restart_) return say(log::warning_log_restart());
  link_.use(*log_);
  make_first();
  start_mover();
  if (!reception_.open(world_.home)) {
    say(log::alert_log_missing("unable to listen at " + world_.home.path_of(submission_socket) + ": " +
                               error_text(errno)));
  } else if (!missing_because_.empty()) {
    say(log::warning_log_back());
  }
}

/// Until the socket is there, messages go another way: nobody waits for this.
void Resident::make_first() {
  while (const auto segment = may_make_ ? log_->segment_wanted() : std::nullopt)
    work(made_segment(layout_, *segment));
  if (const auto spares = log_->spares_wanted()) work(made_spares(layout_, spares));
}

void Resident::tell_of_missing_log(const std::string& reason) {
  if (std::exchange(missing_because_, reason) != reason) say(log::alert_log_missing(reason));
}

void Resident::settle() {
  if (log_) write_log();
  link_.report();
}

void Resident::write_log() {
  const auto due = log_->sync_due();
  const Moment now = world_.clock.moment();
  if (!waiting_.empty() || (due && now.seconds >= commit_due_ && milliseconds_until(*due, now) == 0)) {
    commit();
  } else if (log_->has_unwritten()) {
    // If it cannot be written it waits, and so does who asks for it.
    static_cast<void>(log_->write());
  }
}

void Resident::commit() {
  const bool durable = log_->commit() == queue_log::Log::Commit::durable;
  if (!durable) commit_due_ = world_.clock.now() + commit_retry_seconds;
  // Before what is new: its number may be one whose last message's end qmail-send still waits to see written.
  link_.report();
  answer_waiting(durable);
}

// ---- submissions ----

void Resident::take_submissions() {
  retry_early();
  for (Connection& connection : std::exchange(stuck_, {})) submit(std::move(connection));
  for (Connection& connection : reception_.take_ready()) submit(std::move(connection));
}

void Resident::submit(Connection connection) {
  if (log_ && connection.incoming.status() == Incoming::Status::complete) {
    const auto refusal = put_into_log(connection);
    if (!refusal) return;
    if (!is_worth_waiting(*refusal)) return go_another_way(std::move(connection), *refusal);
    early_.push_back({std::move(connection), world_.clock.now() + early_seconds});
    return;
  }
  hand_over(std::move(connection));
}

void Resident::go_another_way(Connection connection, queue_log::Refusal refusal) {
  if (refusal == queue_log::Refusal::disk_full) return reception_.answer(connection, Code::write_error);
  hand_over(std::move(connection));
}

/// None: it is there, and the connection is taken.
std::optional<queue_log::Refusal> Resident::put_into_log(Connection& connection) {
  auto waiting = std::make_unique<Waiting>(std::move(connection));
  const auto result = append(*waiting);
  if (const auto* refusal = std::get_if<queue_log::Refusal>(&result)) {
    connection = std::move(waiting->connection);
    return *refusal;
  }
  waiting->id = std::get<Number>(result);
  waiting_bytes_ += waiting->connection.held;
  waiting_.push_back(std::move(waiting));
  if (waiting_bytes_ > most_waiting_bytes) commit();
  return std::nullopt;
}

bool Resident::is_worth_waiting(queue_log::Refusal refusal) {
  if (refusal != queue_log::Refusal::no_spare && refusal != queue_log::Refusal::no_segment) return false;
  want_from_mover();
  return mover_.is_making();
}

void Resident::retry_early() {
  const std::int64_t now = world_.clock.now();
  while (!early_.empty()) {
    Early& first = early_.front();
    const auto refusal = log_ ? put_into_log(first.connection) : queue_log::Refusal::failed;
    if (refusal && now < first.until && is_worth_waiting(*refusal)) return;
    if (refusal) go_another_way(std::move(first.connection), *refusal);
    early_.pop_front();
  }
}

std::variant<Number, queue_log::Refusal> Resident::append(Waiting& waiting) {
  const Connection& connection = waiting.connection;
  const std::int64_t now = world_.clock.now();
  waiting.received = received_line(connection.qp, connection.uid, ids_, now);
  waiting.body = {waiting.received, connection.incoming.message()};
  waiting.message = {.origin = {.birth = now, .qp = connection.qp, .uid = connection.uid},
                     .envelope = connection.incoming.envelope(),
                     .body = waiting.body};
  return log_->append(waiting.message);
}

void Resident::hand_over(Connection connection) {
  const bool has_room = children_ < most_children;
  if (!has_room || !queue::hand_over(connection, world_.home.label(), world_.clock)) {
    stuck_.push_back(std::move(connection));
    return;
  }
  ++children_;
  reception_.let_go(connection);
}

void Resident::answer_waiting(bool durable) {
  waiting_bytes_ = 0;
  const auto waiting = std::exchange(waiting_, {});
  for (const auto& message : waiting)
    reception_.answer(message->connection, durable ? Code::accepted : Code::write_error);
  if (!durable) return;
  for (const auto& message : waiting) link_.tell_new(message->message, message->id);
}

// ---- the mover and other children ----

void Resident::start_mover() {
  if (!mover_.start()) return;
  // Without memory to watch it, it is as good as dead: the next one may have more luck.
  if (!watcher_.watch(mover_.fd(), mover_name)) static_cast<void>(::kill(mover_.pid(), SIGKILL));
}

void Resident::want_from_mover() {
  if (!log_) return;
  if (mover_.pid() == 0) start_mover();
  if (!may_make_ && world_.clock.now() < make_due_) return;
  may_make_ = true;
  if (const auto segment = log_->segment_wanted()) mover_.make_segment(*segment);
  if (const auto spares = log_->spares_wanted()) mover_.make_spares(spares);
}

/// One message that is not over keeps its segment, and all later ones, from being used again.
void Resident::want_room() {
  const std::int64_t now = world_.clock.now();
  if (!log_ || now < room_due_ || link_.has_backlog()) return;
  const auto numbers = log_->in_the_way(most_leaving);
  for (const Number id : numbers) link_.tell_leave(id);
  if (!numbers.empty()) room_due_ = now + room_retry_seconds;
}

void Resident::take_from_mover() {
  while (const auto result = mover_.take()) std::visit([this](const auto& what) { work(what); }, *result);
}

void Resident::work(const SegmentMade& made) {
  if (made.error == 0) return log_->adopt_segment(made.number);
  log_->segment_failed(made.number);
  not_made(segment_name(made.number), made.error);
}

void Resident::work(const SparesMade& made) {
  log_->adopt_spares(made.numbers);
  if (made.error != 0) not_made(spare_folder, made.error);
}

void Resident::not_made(std::string_view what, std::uint32_t error) {
  may_make_ = false;
  make_due_ = world_.clock.now() + make_retry_seconds;
  say(log::alert_log_trouble("make", what, error_text(static_cast<int>(error))));
}

void Resident::work(const MessagePlaced& placed) { link_.tell_placed(placed); }

void Resident::reap_children() {
  drain_signals(child_signals_);
  for (pid_t gone = 0; (gone = ::waitpid(-1, nullptr, WNOHANG)) > 0;) {
    if (gone != mover_.pid()) {
      --children_;
      continue;
    }
    take_from_mover();
    mover_.ended();
  }
}

// ---- the end ----

void Resident::drain() {
  if (drained_) return;
  const std::int64_t now = world_.clock.now();
  if (!drain_deadline_) {
    reception_.close(world_.home);
    drain_deadline_ = now + drain_seconds;
  }
  if (now >= *drain_deadline_) {
    reception_.turn_everybody_away();
    for (const Early& early : std::exchange(early_, {})) reception_.answer(early.connection, Code::busy);
    for (const Connection& connection : std::exchange(stuck_, {})) reception_.answer(connection, Code::busy);
  }
  if (!reception_.is_idle() || !early_.empty() || !stuck_.empty() || !waiting_.empty()) return;
  drained_ = true;
  link_.tell_drained();
}

void Resident::say(const std::string& line) const {
  // Nobody is left to tell if the log is gone.
  static_cast<void>(Writer(world_.log).put(line).flush());
}

int run_resident(Process& self) {
  arm_resident();
  const Directory home = self.home();
  Resident({.home = home,
            .clock = self.clock,
            .link = Fd(self.in),
            .log = self.err,
            .limits = {.connections = std::min(most_connections, raise_descriptor_limit() / 2)}})
      .run();
  return 0;
}

}  // namespace qmail::queue
