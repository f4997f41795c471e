#include "core/programs/qmail-run/commands.h"

#include "core/base/environment.h"
#include "core/base/text.h"
#include "core/control/control.h"

namespace qmail {
namespace {

constexpr std::string_view default_delivery = "./Maildir/";
constexpr std::uint64_t default_sessions = 40;

/// The environment of everything started here, and of the commands in .qmail files: nothing but a PATH.
Environment clean_environment(const Directory& home) {
  return {{"PATH", home.path_of("bin") + ":/usr/local/bin:/usr/bin:/bin"}};
}

std::vector<std::string> logger(const Wanted& wanted, const Directory& home, const std::string& tag) {
  // For a busy day: twenty files of a megabyte.
  if (!wanted.log_folder.empty())
    return {home.path_of("bin/multilog"), "t", "s1000000", "n20", wanted.log_folder + "/" + tag};
  if (wanted.syslog) return {home.path_of("bin/splogger"), tag};
  return {home.path_of("bin/qmail-run"), "log"};
}

/// One port, and who serves there.
struct Listening {
  const char* port;
  const char* rules;  ///< below control; without them everybody may connect and nobody may relay
  std::uint64_t sessions;
  std::vector<std::string> programs;  ///< one in front of the other
  Environment environment;
};

/// tcpserver on every address, as qmaild.
Command listener(const Listening& listening, const Control& control, const Directory& home,
                 const users::Ids& ids, int log) {
  std::vector<std::string> argv{home.path_of("bin/tcpserver"), "-v", "-R", "-H"};
  const auto add = [&argv](const char* option, const std::string& value) {
    argv.emplace_back(option);
    argv.push_back(value);
  };
  add("-l", control.line("me").value_or("0"));
  add("-c", std::to_string(listening.sessions));
  add("-u", std::to_string(ids.qmaild.uid));
  add("-g", std::to_string(ids.qmaild.gid));
  argv.emplace_back("-X");
  add("-x", home.path_of(std::string("control/") + listening.rules));
  add("0", listening.port);
  for (const std::string& program : listening.programs) argv.push_back(home.path_of("bin/" + program));
  return {.argv = std::move(argv), .fds = {{0, 0}, {log, 1}, {log, 2}}, .environment = listening.environment};
}

}  // namespace

std::optional<std::string> find_refusal(const Directory& home) {
  if (home.sub("control").find_file("rcpthosts")) return std::nullopt;
  return home.path_of("control/rcpthosts") +
         " is missing; write into it the domains to receive mail for, one a line, and nobody else is let in";
}

Command send_command(const Directory& home, int log) {
  const auto text = Control(home.sub("control")).bytes("defaultdelivery");
  std::string delivery(trim_end(text.value_or("")));
  if (delivery.empty()) delivery = default_delivery;
  return {.argv = {home.path_of("bin/qmail-start"), delivery},
          .fds = {{0, 0}, {log, 1}, {2, 2}},
          .environment = clean_environment(home)};
}

Command smtpd_command(const Directory& home, const users::Ids& ids, int log) {
  const Control control(home.sub("control"));
  return listener({.port = "25",
                   .rules = "tcp.smtp.cdb",
                   .sessions = control.number("concurrencyincoming", default_sessions),
                   .programs = {"qmail-smtpd"},
                   .environment = clean_environment(home)},
                  control, home, ids, log);
}

std::optional<Command> find_submission_command(SubmissionPort port, const Directory& home,
                                               const users::Ids& ids, int log) {
  const Control control(home.sub("control"));
  if (!control.has("concurrencysubmission")) return std::nullopt;
  const bool is_tls = port == SubmissionPort::tls;
  if (is_tls && !control.has("servercert.pem")) return std::nullopt;
  Listening listening{.port = is_tls ? "465" : "587",
                      .rules = "tcp.submission.cdb",
                      .sessions = control.number("concurrencysubmission", default_sessions),
                      .programs = {"qmail-smtpd"},
                      .environment = clean_environment(home)};
  if (is_tls) listening.programs.insert(listening.programs.begin(), "tlsserve");
  listening.environment.set("SUBMISSION", "1");
  return listener(listening, control, home, ids, log);
}

Command helper_command(const Directory& home, const std::string& program, int log) {
  return {.argv = {home.path_of("bin/" + program)},
          .fds = {{0, 0}, {log, 1}, {log, 2}},
          .environment = clean_environment(home)};
}

Command logger_command(const Wanted& wanted, const Directory& home, const users::Ids& ids,
                       const std::string& tag, int log) {
  return {.argv = logger(wanted, home, tag),
          .fds = {{log, 0}, {1, 1}, {2, 2}},
          .environment = clean_environment(home),
          .identity = ids.qmaill};
}

}  // namespace qmail
