#include "ucspi/lib/tls/keeper.h"

#include <array>
#include <cerrno>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error_text.h"
#include "core/base/failure.h"
#include "core/base/fd_passing.h"
#include "core/base/io.h"
#include "core/base/local_socket.h"
#include "core/base/poll_set.h"
#include "core/base/signals.h"
#include "core/base/sys.h"
#include "core/base/text.h"
#include "core/format/user_ids.h"
#include "core/tls/handover.h"

namespace qmail::ucspi {
namespace {

constexpr int look_milliseconds = 2000;
/// A change is acted upon when it looks the same twice: two files are not replaced in the same moment.
constexpr int second_look_milliseconds = 500;
/// For an acceptor to take its keys and be ready.
constexpr int patience_seconds = 60;
constexpr int restart_seconds = 1;
constexpr std::size_t longest_ids = 65536;

constexpr std::array<int, 4> awaited{SIGTERM, SIGINT, SIGHUP, SIGCHLD};

Identity find_user(const Directory& home, const std::string& user) {
  const std::string label = home.path_of("users/ids");
  const auto text = read_all(home.open_file("users/ids").get(), longest_ids, label);
  const auto found = find_user_ids(text.value_or(""), user);
  if (!found)
    throw Failure(Exit::temporary, "unable to find user " + user + " in " + label +
                                       ": let qmail-install, with the answer \"tls\": true, make it");
  return {found->first, found->second};
}

void set_patience(const Fd& socket, int seconds) {
  const timeval patience{.tv_sec = seconds, .tv_usec = 0};
  if (::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) < 0 ||
      ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) < 0)
    throw Failure::system("set a time limit");
}

}  // namespace

TlsSocket socket_of(tls::Role role) {
  if (role == tls::Role::server) return {.name = tls::server_socket, .asker = "qmaild"};
  return {.name = tls::client_socket, .asker = "qmailr"};
}

Keeper::Keeper(const char* program, const TlsFiles& files, std::size_t limit, Directory home,
               const Clock& clock, int err)
    : program_(program),
      files_(files),
      limit_(limit),
      home_(std::move(home)),
      control_(home_.sub("control")),
      clock_(clock),
      err_(err) {}

void Keeper::say(const std::string& text) {
  // Nobody is left to tell if standard error is gone.
  static_cast<void>(Writer(err_).put(program_).put(": ").put(text).put("\n").flush());
}

void Keeper::run() {
  signals::ignore(SIGPIPE);
  for (const int number : awaited) {
    signals::catch_flag(number);
    signals::block(number);
  }
  const TlsSocket socket = socket_of(files_.role);
  std::optional<uid_t> asker;
  if (::geteuid() == 0) {
    identity_ = find_user(home_, "qmailt");
    asker = find_user(home_, socket.asker).uid;
  }
  listener_ = listen_locally(home_, socket.name, asker);
  listener_name_ = stamp_socket();
  auto first = start();
  if (const auto* why = std::get_if<std::string>(&first))
    throw Failure(Exit::temporary, "unable to serve TLS: " + *why);
  current_ = std::get<Acceptor>(std::move(first));
  say("status: ready");
  while (!signals::take(SIGTERM) && !signals::take(SIGINT)) {
    wait();
    if (signals::take(SIGCHLD)) reap();
    restart_if_gone();
    look_at_files(signals::take(SIGHUP));
  }
  retire();
}

void Keeper::wait() {
  PollSet set;
  set.within(seen_ == used_ && current_ ? look_milliseconds : second_look_milliseconds);
  set.wait();
}

void Keeper::look_at_files(bool at_once) {
  MaterialStamp now = stamp_material(control_, files_);
  const bool is_settled = now == seen_;
  seen_ = std::move(now);
  if (at_once || (is_settled && seen_ != used_)) replace();
}

void Keeper::replace() {
  auto next = start();
  if (const auto* why = std::get_if<std::string>(&next))
    return say("warning: the new certificates are not used, those in use stay: " + *why);
  // Closing the link retires the acceptor that was.
  current_ = std::get<Acceptor>(std::move(next));
  say("status: new certificates are in use");
}

void Keeper::reap() {
  for (pid_t gone = 0; (gone = ::waitpid(-1, nullptr, WNOHANG)) > 0;) {
    --running_;
    if (!current_ || current_->pid != gone) continue;
    current_.reset();
    restart_at_ = clock_.now() + restart_seconds;
    say("warning: the TLS process has ended; starting another one");
  }
}

void Keeper::restart_if_gone() {
  if (current_ || clock_.now() < restart_at_) return;
  auto next = start();
  if (auto* acceptor = std::get_if<Acceptor>(&next)) {
    current_ = std::move(*acceptor);
    return;
  }
  restart_at_ = clock_.now() + patience_seconds;
  say("warning: unable to serve TLS: " + std::get<std::string>(next));
}

std::optional<FileStamp> Keeper::stamp_socket() const {
  return FileStamp::of(home_.get(), socket_of(files_.role).name);
}

void Keeper::retire() {
  // Another one may have taken the name over. If it stays, whoever comes finds nobody listening.
  const auto now = stamp_socket();
  if (now && listener_name_ && now->is_same_file(*listener_name_))
    static_cast<void>(sys::unlink_at(home_.get(), socket_of(files_.role).name.c_str()));
  listener_.close();
  current_.reset();
  while (running_ > 0 && ::waitpid(-1, nullptr, 0) > 0) --running_;
}

std::variant<Keeper::Acceptor, std::string> Keeper::start() {
  used_ = seen_ = stamp_material(control_, files_);
  const auto read = read_material(control_, files_);
  if (const auto* why = std::get_if<std::string>(&read)) return *why;
  const Material& material = std::get<Material>(read);
  for (const std::string& path : find_exposed_keys(control_, material))
    say("warning: everybody can read the private key in " + path + ": chmod 600 it");
  return start_with(material);
}

std::variant<Keeper::Acceptor, std::string> Keeper::start_with(const Material& material) {
  auto ends = SocketPair::try_make();
  const auto pid = ends ? spawn_acceptor(ends->other) : std::nullopt;
  if (!pid) return std::string("unable to start the TLS process: ") + error_text(errno);
  ++running_;
  ends->other.close();
  set_patience(ends->one, patience_seconds);
  std::string word;
  // If it does not take them, its answer says why.
  static_cast<void>(Writer(ends->one.get()).put(encode_material(material)).flush());
  static_cast<void>(Reader(ends->one.get()).line(word));
  if (word + "\n" == acceptor_ready) return Acceptor{*pid, std::move(ends->one)};
  return word.empty() ? "the TLS process has ended without a word" : word;
}

std::optional<pid_t> Keeper::spawn_acceptor(const Fd& link) {
  // The program as it was when this process began, whatever has its name by now.
  return spawn({.argv = {program_, acceptor_word, std::to_string(limit_)},
                .program = "/proc/self/exe",
                .fds = {{link.get(), parent_fd}, {err_, 2}, {listener_.get(), listener_fd}},
                // What it forks would look up the symbols of its libraries again, each for itself.
                .environment = Environment{{"LD_BIND_NOW", "1"}},
                .identity = identity_});
}

}  // namespace qmail::ucspi
