#include "core/programs/qmail-run/qmail_run.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error_text.h"
#include "core/base/failure.h"
#include "core/base/io.h"
#include "core/base/program.h"
#include "core/base/signals.h"
#include "core/programs/qmail-run/child.h"
#include "core/programs/qmail-run/commands.h"

namespace qmail {
namespace {

/// How long sessions may go on after TERM. A client that is cut off then has got no answer and tries again.
constexpr std::int64_t session_grace_seconds = 30;

constexpr std::array<int, 5> awaited{SIGTERM, SIGINT, SIGHUP, SIGALRM, SIGCHLD};

/// The next of `awaited`, which are blocked; 0 when the time is over. No time: waits for ever.
int wait_for_signal(const std::optional<std::int64_t>& seconds) {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : awaited) sigaddset(&set, number);
  timespec limit{};
  limit.tv_sec = seconds.value_or(0);
  const int got = ::sigtimedwait(&set, nullptr, seconds ? &limit : nullptr);
  return got > 0 ? got : 0;
}

/// A program, its like on the ports for submission, those that do TLS and check passwords for it, and what
/// their log is piped into. The pipe is
/// kept here: no line is lost when one of them ends.
struct Service {
  Pipe log = Pipe::make();
  std::optional<Child> program, submission, submissions, tls, auth, logger;
};

class Supervisor {
 public:
  Supervisor(const Wanted& wanted, const Directory& home, const Clock& clock, int err)
      : wanted_(wanted), home_(home), ids_(users::read_ids(home)), clock_(clock), err_(err) {
    if (wanted.send) {
      add_logger(send_, "the mail log", "qmail");
      send_.program.emplace("qmail-send",
                            [this] { return start(send_command(home_, send_.log.write.get())); });
      if (ids_.qmailt) send_.tls.emplace("ucspi-tlsc", [this] { return start_helper("ucspi-tlsc", send_); });
    }
    if (wanted.smtpd) {
      add_logger(smtpd_, "the SMTP log", "smtpd");
      smtpd_.program.emplace("tcpserver", [this] { return start_listener(); });
      smtpd_.submission.emplace("tcpserver of port 587",
                                [this] { return start_submission(SubmissionPort::starttls); });
      smtpd_.submissions.emplace("tcpserver of port 465",
                                 [this] { return start_submission(SubmissionPort::tls); });
      smtpd_.tls.emplace("ucspi-tlsd", [this] { return start_if("servercert.pem", "ucspi-tlsd", smtpd_); });
      smtpd_.auth.emplace("qmail-authd", [this] { return start_if("checkpassword", "qmail-authd", smtpd_); });
    }
  }

  void run() {
    for (;;) {
      start_what_is_due();
      const int number = wait_for_signal(next_due());
      if (number == SIGTERM || number == SIGINT) return;
      if (number == SIGCHLD) reap();
      if (number == SIGHUP) hang_up();
      if (number == SIGALRM) signal(send_.program, SIGALRM);
    }
  }

  void stop() {
    stopping_ = true;
    for (const auto* listener : {&smtpd_.program, &smtpd_.submission, &smtpd_.submissions})
      signal(*listener, SIGTERM);
    // It carries its connections on. A session that would begin TLS now, or log in, has a client that tries
    // again.
    signal(smtpd_.tls, SIGTERM);
    signal(smtpd_.auth, SIGTERM);
    // The sessions hold the other ends of this pipe: when they are gone, so is the logger.
    smtpd_.log.write.close();
    wait_until_gone(smtpd_.logger, session_grace_seconds);
    signal(send_.program, SIGTERM);
    wait_until_gone(send_.program, std::nullopt);
    signal(send_.tls, SIGTERM);
    // Its last lines must be out before the first process of a container ends, and with it all others.
    send_.log.write.close();
    wait_until_gone(send_.logger, std::nullopt);
  }

 private:
  void say(const std::string& text) {
    // Nobody is left to tell if standard error is gone.
    static_cast<void>(Writer(err_).put("qmail-run: ").put(text).put("\n").flush());
  }

  std::optional<pid_t> start(const Command& command) {
    const auto child = spawn(command);
    if (!child) say("warning: unable to start " + command.argv.front() + ": " + error_text(errno));
    return child;
  }

  void add_logger(Service& service, const std::string& name, const std::string& tag) {
    service.logger.emplace(name, [this, &service, tag] {
      return start(logger_command(wanted_, home_, ids_, tag, service.log.read.get()));
    });
  }

  std::optional<pid_t> start_listener() {
    const auto refusal = find_refusal(home_);
    if (refusal && !said_closed_) say("warning: not listening for SMTP: " + *refusal);
    said_closed_ = refusal.has_value();
    if (refusal) return std::nullopt;
    return start(smtpd_command(home_, ids_, smtpd_.log.write.get()));
  }

  /// Port 25 has said why if it stays closed.
  std::optional<pid_t> start_submission(SubmissionPort port) {
    if (find_refusal(home_)) return std::nullopt;
    const auto command = find_submission_command(port, home_, ids_, smtpd_.log.write.get());
    return command ? start(*command) : std::nullopt;
  }

  std::optional<pid_t> start_helper(const char* program, const Service& service) {
    return start(helper_command(home_, program, service.log.write.get()));
  }

  /// Only where there is that control file, which is looked for again after a minute at most.
  std::optional<pid_t> start_if(const char* file, const char* program, const Service& service) {
    if (!home_.sub("control").find_file(file)) return std::nullopt;
    return start_helper(program, service);
  }

  template <typename Do>
  void each(Do action) {
    for (std::optional<Child>* child :
         {&send_.logger, &send_.tls, &send_.program, &smtpd_.logger, &smtpd_.tls, &smtpd_.auth,
          &smtpd_.program, &smtpd_.submission, &smtpd_.submissions})
      if (*child) action(**child);
  }

  void start_what_is_due() {
    each([this](Child& child) {
      if (child.due_in(clock_.now()) == 0) child.start(clock_.now());
    });
  }

  std::optional<std::int64_t> next_due() {
    std::optional<std::int64_t> next;
    each([&](const Child& child) {
      const auto due = child.due_in(clock_.now());
      if (due) next = std::min(next.value_or(*due), *due);
    });
    return next;
  }

  /// Also whatever orphans the first process of a container inherits.
  void reap() {
    int status = 0;
    for (pid_t gone = 0; (gone = ::waitpid(-1, &status, WNOHANG)) > 0;)
      each([&](Child& child) {
        if (child.pid() != gone) return;
        child.ended(clock_.now());
        if (stopping_) return;
        const std::string how =
            crashed(status) ? "crashed" : "ended with exit code " + std::to_string(exit_code(status));
        say("warning: " + child.name() + " " + how + "; starting it again in " +
            std::to_string(child.due_in(clock_.now()).value_or(0)) + " seconds");
      });
  }

  void hang_up() {
    for (const std::optional<Child>* child : {&send_.program, &send_.tls, &smtpd_.tls})
      signal(*child, SIGHUP);
    each([](Child& child) { child.hurry(); });
  }

  static void signal(const std::optional<Child>& child, int number) {
    // It may be gone already; then there is nothing to tell it.
    if (child && child->pid() != 0) static_cast<void>(::kill(child->pid(), number));
  }

  void wait_until_gone(const std::optional<Child>& child, const std::optional<std::int64_t>& seconds) {
    const std::int64_t end = clock_.now() + seconds.value_or(0);
    while (child && child->pid() != 0) {
      const std::int64_t left = end - clock_.now();
      if (seconds && left <= 0) return;
      wait_for_signal(seconds ? std::optional(left) : std::nullopt);
      reap();
    }
  }

  Wanted wanted_;
  const Directory& home_;
  users::Ids ids_;
  const Clock& clock_;
  int err_;
  Service send_, smtpd_;
  bool stopping_ = false;
  bool said_closed_ = false;
};

}  // namespace

Wanted parse_wanted(const std::vector<std::string>& args) {
  Wanted wanted;
  for (auto word = args.begin(); word != args.end(); ++word) {
    if (*word == "send") {
      wanted.send = true;
    } else if (*word == "smtpd") {
      wanted.smtpd = true;
    } else if (*word == "--syslog") {
      wanted.syslog = true;
    } else if (*word == "--files" && word + 1 != args.end()) {
      wanted.log_folder = *++word;
    } else {
      throw UsageError();
    }
  }
  // multilog takes nothing else for a folder.
  if (!wanted.log_folder.empty() && wanted.log_folder.front() != '/')
    throw UsageError(Exit::permanent, "--files wants a path that starts with a slash");
  if (!wanted.send && !wanted.smtpd) wanted.send = wanted.smtpd = true;
  return wanted;
}

int keep_running(const Wanted& wanted, const Directory& home, const Clock& clock, int err) {
  const auto refusal = wanted.send ? std::nullopt : find_refusal(home);
  if (refusal) throw Failure(Exit::temporary, "unable to listen for SMTP: " + *refusal);
  for (const int number : awaited) signals::block(number);
  Supervisor supervisor(wanted, home, clock, err);
  supervisor.run();
  supervisor.stop();
  return 0;
}

}  // namespace qmail
