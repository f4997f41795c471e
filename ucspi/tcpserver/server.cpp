#include "ucspi/tcpserver/server.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/failure.h"
#include "core/base/signals.h"

namespace qmail::ucspi {
namespace {

/// For a whole PROXY header. The specification asks for 3 seconds at least, so that one lost packet does no
/// harm.
constexpr std::int64_t header_milliseconds = 5000;
/// Without descriptors or memory the clients stay in the queue; asking again at once would only burn time.
constexpr std::int64_t pause_milliseconds = 100;
/// For a program's answer. Longer than rblsmtpd takes at most, for whoever is not waited for is executed.
constexpr std::int64_t answer_milliseconds = 15000;

}  // namespace

Server::Server(const House& house, const Clock& clock, std::vector<Fd> listeners, Watch& watch, Staff& staff)
    : house_(house),
      listeners_(std::move(listeners)),
      watch_(watch),
      staff_(staff),
      timeouts_(clock),
      starters_(watch, house.files) {
  if (house.options.rate) rate_.emplace(*house.options.rate, clock);
}

int Server::run() {
  for (const Fd& listener : listeners_)
    if (!watch_.add(listener.get())) throw Failure::system("watch for clients");
  say_status();
  for (;;) {
    take_signals();
    house_.announcer.flush();
    if (is_done()) return 0;
    look_for_clients(children_ < house_.options.limit && !is_paused_);
    serve_events(watch_.wait(timeouts_.milliseconds_left()));
    for (const int fd : timeouts_.take_due()) expire(fd);
  }
}

void Server::take_signals() {
  if (signals::take(SIGTERM)) stop();
  if (signals::take(SIGHUP)) {
    staff_.renew();
    house_.rules.forget();
    house_.names.clear();
  }
  if (signals::take(SIGCHLD)) reap_children();
}

/// Nobody is accepted from here on; those that were are served.
void Server::stop() {
  for (const Fd& listener : listeners_) {
    watch_.remove(listener.get());
    timeouts_.cancel(listener.get());
  }
  listeners_.clear();
  // Who says it twice does not want to wait.
  if (is_stopping_) waiting_.clear();
  is_draining_ = house_.options.drain && !is_stopping_;
  is_stopping_ = true;
}

bool Server::is_done() const {
  return is_stopping_ && waiting_.empty() && starters_.is_idle() && (sessions_.empty() || !is_draining_);
}

void Server::say_status() const { house_.announcer.say(status_line(children_, house_.options.limit)); }

void Server::look_for_clients(bool is_wanted) {
  if (is_wanted == is_looking_) return;
  for (const Fd& listener : listeners_) watch_.set(listener.get(), is_wanted);
  is_looking_ = is_wanted;
}

void Server::serve_events(const std::vector<int>& ready) {
  const auto is_listener = [&](int fd) {
    return std::any_of(listeners_.begin(), listeners_.end(), [&](const Fd& one) { return one.get() == fd; });
  };
  std::vector<int> waiting, calling;
  for (const int fd : ready) {
    if (waiting_.count(fd) > 0)
      waiting.push_back(fd);
    else if (starters_.has(fd))
      take_started(fd);
    else if (is_listener(fd))
      calling.push_back(fd);
    else
      staff_.take(fd);
  }
  for (const Ended& session : staff_.take_ended()) end(session);
  // What opens descriptors comes last: none of them may be taken for one that was ready before.
  for (const int fd : waiting) continue_waiting(fd);
  for (const int fd : calling) accept_from(fd);
}

/// A few, so that those who end are heard between those who come.
void Server::accept_from(int listener) {
  constexpr int most = 16;
  for (int count = 0; count < most && children_ < house_.options.limit; ++count)
    if (!accept_one(listener)) return;
}

/// False if nobody waits.
bool Server::accept_one(int listener) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  Fd socket(::accept4(listener, reinterpret_cast<sockaddr*>(&storage), &size, SOCK_CLOEXEC));
  const auto remote = socket ? endpoint_of(storage) : std::nullopt;
  if (!remote) {
    if (errno != EAGAIN && errno != ECONNABORTED && errno != EINTR) pause_accepting();
    return false;
  }
  ++children_;
  say_status();
  receive(Visit(house_, std::move(socket), *remote));
  return true;
}

void Server::pause_accepting() {
  is_paused_ = true;
  timeouts_.set(listeners_.front().get(), pause_milliseconds);
}

void Server::receive(Visit visit) {
  if (visit.awaits_header())
    await_header(std::move(visit));
  else
    admit(std::move(visit));
}

void Server::await_header(Visit visit) {
  const int fd = visit.fd();
  if (!wait_for(fd, header_milliseconds, {.visit = std::move(visit), .awaited = Header{}})) leave();
}

void Server::continue_header(int fd) {
  const Visit::Header header = waiting_.at(fd).visit.take_header();
  if (header == Visit::Header::more) return;
  Waiting waiting = stop_waiting(fd);
  if (header == Visit::Header::taken)
    admit(std::move(waiting.visit));
  else
    leave();
}

/// The limits that need nothing to be known of a client but its address: neither look-ups nor rules are spent
/// on one that comes too often.
std::optional<Limit> Server::early_limit(const Ip& client) {
  const ServerOptions& options = house_.options;
  if (options.address_limit && counts_.of_address(client) >= *options.address_limit)
    return Limit{"MAXCONNIP", std::to_string(*options.address_limit)};
  if (options.network_limit && counts_.of_network(client) >= *options.network_limit)
    return Limit{"MAXCONNC", std::to_string(*options.network_limit)};
  if (rate_ && !rate_->take(client)) return Limit{"RATE", rate_->rate().text()};
  return std::nullopt;
}

void Server::admit(Visit visit) {
  if (const auto limit = early_limit(visit.client())) {
    visit.refuse(*limit);
    return leave();
  }
  counts_.add(visit.client());
  if (!visit.greet()) return leave(visit.client());
  const Questions questions = visit.questions();
  if (questions.items.empty())
    serve(std::move(visit));
  else
    look_up(std::move(visit), questions);
}

void Server::look_up(Visit visit, const Questions& questions) {
  auto started = LookUp::start(questions);
  if (!started) return drop(visit.client(), Failure::system("start look-up").what());
  look_ups_.insert(started->pid());
  const bool asks_client =
      std::find(questions.items.begin(), questions.items.end(), Item::remote_info) != questions.items.end();
  const std::int64_t patience =
      name_milliseconds + (asks_client ? questions.info_seconds * std::int64_t{1000} : 0);
  const int fd = started->fd();
  const Ip client = visit.client();
  if (!wait_for(fd, patience, {.visit = std::move(visit), .awaited = std::move(*started)})) leave(client);
}

void Server::continue_look_up(int fd) {
  Waiting& waiting = waiting_.at(fd);
  LookUp& look_up = std::get<LookUp>(waiting.awaited);
  while (const auto finding = look_up.take()) waiting.visit.learn(*finding);
  if (look_up.is_over()) serve(stop_waiting(fd).visit);
}

void Server::continue_waiting(int fd) {
  const auto& awaited = waiting_.at(fd).awaited;
  if (std::holds_alternative<LookUp>(awaited))
    continue_look_up(fd);
  else if (std::holds_alternative<Answer>(awaited))
    take_answer(fd);
  else
    continue_header(fd);
}

void Server::expire(int fd) {
  const auto found = waiting_.find(fd);
  if (found == waiting_.end()) {
    is_paused_ = false;
    return;
  }
  Waiting waiting = stop_waiting(fd);
  if (std::holds_alternative<LookUp>(waiting.awaited)) return serve(std::move(waiting.visit));
  if (std::holds_alternative<Answer>(waiting.awaited)) {
    staff_.of(waiting.visit.command().front()).give_up(fd);
    return start(std::move(waiting.visit));
  }
  waiting.visit.warn_of_header("timed out");
  leave();
}

/// Everything is known of the client, or will not be.
void Server::serve(Visit visit) {
  const Ip client = visit.client();
  if (const auto limit = visit.judge(counts_)) {
    visit.refuse(*limit);
    return leave(client);
  }
  if (!visit.is_allowed()) return run_in_child(visit);
  go_on(std::move(visit));
}

/// With what is left of the command line.
void Server::go_on(Visit visit) {
  if (!staff_.of(visit.command().front()).are_asked())
    hand_over(std::move(visit));
  else if (visit.has_usual_path())
    ask(std::move(visit));
  else
    start(std::move(visit));
}

void Server::ask(Visit visit) {
  const auto fd = staff_.of(visit.command().front()).ask(visit.question());
  if (!fd) return start(std::move(visit));
  timeouts_.set(*fd, answer_milliseconds);
  waiting_.emplace(*fd, Waiting{.visit = std::move(visit), .awaited = Answer{}});
}

/// Whoever is not answered, or not in a way that makes sense, is served as ever.
void Server::take_answer(int fd) {
  Visit visit = stop_waiting(fd).visit;
  const auto text = staff_.of(visit.command().front()).take_answer(fd);
  const auto onward = text ? parse_onward(*text) : std::nullopt;
  if (!onward || !visit.go_on(*onward)) return start(std::move(visit));
  if (onward->first == 0)
    hand_over(std::move(visit));
  else
    go_on(std::move(visit));
}

/// To a resident, or whoever can do it.
void Server::hand_over(Visit visit) {
  const auto pid = staff_.of(visit.command().front()).serve(visit.job());
  if (!pid) return start(std::move(visit));
  visit.announce(*pid);
  sessions_.emplace(*pid, visit.client());
}

void Server::start(Visit visit) {
  if (!starters_.start(visit)) run_in_child(visit);
}

void Server::take_started(int fd) {
  for (const auto& [visit, started] : starters_.take(fd)) finish_start(visit, started);
  // Whoever is left there was nobody's.
  if (starters_.is_idle()) early_ends_.clear();
}

/// A starter has answered. Its program may have ended before that was heard.
void Server::finish_start(const Visit& visit, const Started& started) {
  const pid_t pid = started.pid;
  if (pid == 0) return drop(visit.client(), Failure::system("fork", started.error).what());
  visit.announce(pid);
  if (started.error != 0) visit.warn_of_program(started.error);
  sessions_.emplace(pid, visit.client());
  if (const auto ended = early_ends_.extract(pid)) end({pid, ended.mapped()});
}

/// What cannot be started otherwise, or not at all: the child tells why.
void Server::run_in_child(Visit& visit) {
  house_.announcer.flush();
  const pid_t child = ::fork();
  if (child == 0) {
    house_.announcer.enter_child();
    signals::restore();
    signals::ignore(SIGPIPE);
    house_.files.give_first_to(0);
    visit.serve_here();
  }
  if (child < 0) return drop(visit.client(), Failure::system("fork").what());
  sessions_.emplace(child, visit.client());
}

/// False, told, if there is no room for one more; who should have waited is gone.
bool Server::wait_for(int fd, std::int64_t milliseconds, Waiting waiting) {
  if (!watch_.add(fd)) {
    house_.announcer.warn_dropping(Failure::system("wait for descriptors").what());
    return false;
  }
  timeouts_.set(fd, milliseconds);
  waiting_.emplace(fd, std::move(waiting));
  return true;
}

Server::Waiting Server::stop_waiting(int fd) {
  timeouts_.cancel(fd);
  Waiting waiting = std::move(waiting_.extract(fd).mapped());
  // Whoever answers may be asked again: its descriptor is the residents' to look at.
  if (!std::holds_alternative<Answer>(waiting.awaited)) watch_.remove(fd);
  return waiting;
}

/// A connection is gone that was not admitted.
void Server::leave() {
  --children_;
  say_status();
}

void Server::drop(const Ip& client, const std::string& why) {
  house_.announcer.warn_dropping(why);
  leave(client);
}

void Server::leave(const Ip& client) {
  counts_.remove(client);
  leave();
}

void Server::reap_children() {
  int status = 0;
  for (pid_t child; (child = ::waitpid(-1, &status, WNOHANG)) > 0;)
    if (look_ups_.erase(child) == 0 && !staff_.was_mine(child) && !starters_.was_mine(child))
      end({child, status});
}

void Server::end(const Ended& session) {
  const auto found = sessions_.find(session.pid);
  if (found == sessions_.end()) {
    // One that is heard of before its start, or the child of whoever became this process.
    if (!starters_.is_idle()) early_ends_.insert_or_assign(session.pid, session.status);
    return;
  }
  house_.announcer.say(end_line(session.pid, session.status));
  const Ip client = found->second;
  sessions_.erase(found);
  leave(client);
}

}  // namespace qmail::ucspi
