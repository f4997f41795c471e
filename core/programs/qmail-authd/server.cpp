#include "core/programs/qmail-authd/server.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "core/accounts/auth_client.h"
#include "core/accounts/checker_setting.h"
#include "core/base/error_text.h"
#include "core/base/io.h"
#include "core/base/local_socket.h"
#include "core/base/poll_set.h"
#include "core/base/publish.h"
#include "core/base/random.h"
#include "core/base/sandbox.h"
#include "core/base/secret.h"
#include "core/base/signals.h"
#include "core/base/text.h"
#include "core/log/events.h"
#include "core/users/ids.h"

namespace qmail::authd {
namespace {

using Stage = Try::Stage;
using Verdict = accounts::AuthAnswer::Verdict;

constexpr std::size_t salt_secret_size = 32;
constexpr std::int64_t second = 1000;
constexpr std::int64_t question_time = 10 * second;
constexpr std::int64_t check_time = 60 * second;

/// HUP is not for us, but who ignored it would have checkers ignore it too.
constexpr std::array<int, 4> awaited{SIGTERM, SIGINT, SIGHUP, SIGCHLD};

constexpr const char* no_checker =
    "control/checkpassword is missing or empty; write into it the program that checks passwords, such as "
    "checkpassword";

constexpr std::string_view default_path = "/usr/bin:/bin";

/// Without it, and always with the same, nobody can tell salts that are made up from those that are kept.
std::string read_salt_secret(const Directory& home) {
  constexpr const char* name = "scram";
  const Directory users = home.sub("users");
  std::string secret;
  if (const auto file = users.find_file(name))
    secret = read_all(file->get(), salt_secret_size + 1, users.path_of(name)).value_or("");
  if (secret.size() == salt_secret_size) return secret;
  secret = random_bytes(salt_secret_size);
  publish(users, name, secret, 0600);
  return secret;
}

/// Whom its failures are counted for: one whose address is not known, with all others of that kind.
Ip counted(const Try& about) { return counted_address(about.address.value_or(Ip())); }

std::string plural(unsigned number, const std::string& noun) {
  return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

}  // namespace

Server::Server(const Directory& home, Fd listener, const accounts::Premises& premises, const Limits& limits,
               std::string salt_secret, const Clock& clock)
    : home_(home),
      listener_(std::move(listener)),
      premises_(premises),
      limits_(limits),
      salt_secret_(std::move(salt_secret)),
      clock_(clock),
      addresses_(limits.per_address),
      accounts_(limits.per_account),
      failures_(clock) {}

void Server::run() {
  signals::ignore(SIGPIPE);
  for (const int number : awaited) {
    signals::catch_flag(number);
    signals::block(number);
  }
  say("status: ready");
  while (!signals::take(SIGTERM) && !signals::take(SIGINT)) {
    wait();
    if (signals::take(SIGCHLD)) reap();
    end_what_is_due();
    read_questions();
    take_in();
    start_checks();
    remove_what_is_over();
  }
}

std::int64_t Server::now() const {
  const Moment moment = clock_.moment();
  return moment.seconds * second + moment.microseconds / 1000;
}

std::size_t Server::running() const {
  return static_cast<std::size_t>(
      std::count_if(tries_.begin(), tries_.end(), [](const Try& t) { return t.stage == Stage::runs; }));
}

void Server::say(const std::string& text) {
  // Nobody is left to tell if standard error is gone.
  static_cast<void>(Writer(premises_.err).put("qmail-authd: ").put(text).put("\n").flush());
}

void Server::warn(const Try& about, const std::string& why) {
  say("warning: unable to check the password of " + about.login + " from " + about.from() + ": " + why);
}

void Server::wait() {
  PollSet set;
  if (tries_.size() < limits_.askers) set.add(listener_.get());
  for (const Try& each : tries_) {
    if (each.stage == Stage::comes) set.add(each.asker.get());
    // Those that wait for a checker do so as long as it takes: those that run have their time.
    if (each.stage != Stage::waits) set.within(static_cast<int>(std::max<std::int64_t>(each.due - now(), 0)));
  }
  set.wait();
}

void Server::take_in() {
  while (tries_.size() < limits_.askers) {
    Fd asker(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!asker) return;
    read_question(tries_.emplace_back(std::move(asker), now() + question_time));
  }
}

void Server::read_questions() {
  for (Try& each : tries_)
    if (each.stage == Stage::comes) read_question(each);
}

void Server::read_question(Try& next) {
  std::string room(accounts::longest_question + 1, '\0');
  const ssize_t got = ::recv(next.asker.get(), room.data(), room.size(), 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  const auto question =
      accounts::parse_question(std::string_view(room).substr(0, got > 0 ? static_cast<std::size_t>(got) : 0));
  if (question) {
    admit(next, *question);
  } else {
    next.answer({});
    if (got > 0) say("warning: a question makes no sense, and is answered with try again later");
  }
  wipe(room);
}

void Server::admit(Try& next, const accounts::AuthQuestion& question) {
  const std::string_view login = accounts::parse_claim(question.claim)->login;
  next.address = question.address;
  next.login = log::safe(login);
  next.account = account_of(login);
  next.place_of_address = addresses_.enter(counted(next));
  if (!next.place_of_address) return turn_away(next, "there are too many from that address at a time");
  next.place_of_account = accounts_.enter(next.account);
  if (!next.place_of_account) return turn_away(next, "there are too many for that login at a time");
  next.wants_salt = question.wants_salt;
  next.claim.copy(question.claim);
  next.stage = Stage::waits;
}

void Server::turn_away(Try& next, const std::string& why) {
  warn(next, why);
  next.answer({});
}

void Server::start_checks() {
  std::size_t free = limits_.checks - running();
  for (Try& each : tries_) {
    if (free == 0) return;
    if (each.stage != Stage::waits) continue;
    start(each);
    if (each.stage == Stage::runs) --free;
  }
}

void Server::start(Try& next) {
  // It counts from the next try on.
  const auto checker = accounts::read_checker(Control(home_.sub("control")));
  if (!checker) return turn_away(next, no_checker);
  // Any other program would take it for a try to log in.
  if (next.wants_salt && !accounts::knows_scram(*checker)) return next.answer({.verdict = Verdict::no});
  if (!next.start(*checker, premises_))
    return turn_away(next, "unable to run " + checker->front() + ": " + error_text(errno));
  next.stage = Stage::runs;
  next.due = now() + check_time;
}

void Server::reap() {
  int status = 0;
  for (pid_t gone = 0; (gone = ::waitpid(-1, &status, WNOHANG)) > 0;)
    for (Try& each : tries_)
      if (each.stage == Stage::runs && each.checker->pid() == gone) conclude(each, status);
}

void Server::conclude(Try& checked, int status) {
  const accounts::Finding finding = checked.finish(status);
  checked.place_of_account.reset();
  if (checked.wants_salt && finding.answer.verdict != Verdict::later)
    return tell_salt(checked, finding.answer);
  if (finding.answer.verdict == Verdict::no) return refuse(checked);
  if (finding.answer.verdict == Verdict::later) return turn_away(checked, finding.trouble);
  say("accepted: " + checked.login + " from " + checked.from() + " as uid " +
      std::to_string(finding.answer.user->identity.uid));
  checked.answer(finding.answer);
}

void Server::refuse(Try& failed) {
  const Failures::Penalty penalty = failures_.add(counted(failed), failed.account);
  say("refused: " + failed.login + " from " + failed.from() + " (" + plural(penalty.failures, "failure") +
      ", told after " + plural(penalty.seconds, "second") + ")");
  failed.stage = Stage::fails;
  failed.due = now() + penalty.seconds * second;
}

void Server::tell_salt(Try& asked, const accounts::AuthAnswer& found) {
  if (found.verdict == Verdict::salt) return asked.answer(found);
  asked.answer(
      {.verdict = Verdict::salt, .salting = accounts::likely_salting(lower(asked.account), salt_secret_)});
}

void Server::end_what_is_due() {
  for (Try& each : tries_) {
    if (each.stage == Stage::waits || each.due > now()) continue;
    if (each.stage == Stage::fails) each.answer({.verdict = Verdict::no});
    if (each.stage == Stage::comes) each.answer({});
    if (each.stage == Stage::runs) {
      each.is_too_slow = true;
      each.due = now() + check_time;
      ::kill(each.checker->pid(), SIGKILL);
    }
  }
}

void Server::remove_what_is_over() {
  std::erase_if(tries_, [](const Try& each) { return each.stage == Stage::is_over; });
}

int serve(Process& self) {
  hide_memory();
  const Directory home = self.home();
  if (!accounts::read_checker(Control(home.sub("control")))) throw Failure(Exit::permanent, no_checker);
  std::optional<uid_t> asker;
  if (::geteuid() == 0) asker = users::read_ids(home).qmaild.uid;
  const Fd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!null) throw Failure::system("open /dev/null");
  const SteadyClock clock;
  Server(home, listen_locally(home, accounts::auth_socket, asker),
         {.reporter = home.path_of("bin/qmail-authd"),
          .environment = {{"PATH", self.environment.get("PATH", default_path)}},
          .null = null.get(),
          .err = self.err},
         Limits{}, read_salt_secret(home), clock)
      .run();
  return 0;
}

}  // namespace qmail::authd
