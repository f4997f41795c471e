#include "core/programs/sendmail/sendmail.h"

#include "core/base/failure.h"
#include "core/base/options.h"
#include "core/base/program.h"

namespace qmail::sendmail {
namespace {

/// Those without a case of their own are accepted for other people's programs, and ignored.
constexpr std::string_view known_options = "vimte:f:p:o:B:F:EJxb:N:R:V:L:qGUX:C:";

struct Request {
  bool recipients_in_header = false;
  bool run_queue = false;
  std::optional<std::string> sender;
  std::vector<std::string> recipients;
};

Command list_queue() { return {.argv = {"bin/qmail-qread"}}; }
Command rebuild_aliases() { return {.argv = {"bin/newaliases"}}; }

/// An SMTP session on standard input and output, with the rights of a local user.
Command serve_smtp(Environment environment) {
  if (!environment.find("PROTO")) {
    environment.set("RELAYCLIENT", "");
    environment.set("DATABYTES", "0");
    environment.set("PROTO", "TCP");
    environment.set("TCPLOCALIP", "127.0.0.1");
    environment.set("TCPLOCALHOST", "localhost");
    environment.set("TCPREMOTEIP", "127.0.0.1");
    environment.set("TCPREMOTEHOST", "localhost");
    environment.set("TCPREMOTEINFO", "sendmail-bs");
  }
  return {.argv = {"bin/qmail-smtpd"}, .environment = std::move(environment)};
}

/// -b: another mode of operation. None: the usual one.
std::optional<Command> other_mode(std::string_view mode, const Environment& environment) {
  switch (mode.empty() ? '\0' : mode.front()) {
    case 'm': return std::nullopt;
    case 'p': return list_queue();
    case 'i': return rebuild_aliases();
    case 's': return serve_smtp(environment);
    case 'd':
    case 'D':
      throw Failure(Exit::permanent,
                    "-bd: qmail's daemons are started by the system (systemd) or by qmail-run(8), "
                    "not by sendmail");
    default: throw UsageError();
  }
}

/// -f names the author too, and nothing that the environment says about another one is to remain.
void set_author(const std::string& sender, Environment& environment) {
  for (const std::string_view name : {"QMAILNAME", "MAILNAME", "NAME", "QMAILHOST", "MAILHOST"})
    environment.unset(name);
  const std::size_t at = sender.rfind('@');
  environment.set("QMAILUSER", sender.substr(0, at));
  if (at != std::string::npos) environment.set("QMAILHOST", sender.substr(at + 1));
}

Command submit(const Request& request, Environment environment) {
  std::vector<std::string> argv{"bin/qmail-inject", request.recipients_in_header ? "-H" : "-a"};
  if (request.sender) {
    argv.insert(argv.end(), {"-f", *request.sender});
    set_author(*request.sender, environment);
  }
  argv.push_back("--");
  argv.insert(argv.end(), request.recipients.begin(), request.recipients.end());
  return {.argv = std::move(argv), .environment = std::move(environment)};
}

}  // namespace

Order understand(const std::vector<std::string>& args, std::string_view name,
                 const Environment& environment) {
  Order order;
  Request request;
  Environment for_child = environment;
  Options options(args, known_options);
  while (const auto option = options.next()) {
    switch (*option) {
      case 't': request.recipients_in_header = true; break;
      case 'f': request.sender = options.value(); break;
      case 'F': for_child.set("MAILNAME", options.value()); break;
      case 'E':
      case 'J': options.skip_argument(); break;  // their value, if any, is in the same argument
      case 'q':
        options.skip_argument();
        request.run_queue = true;
        break;
      case 'C':
        order.warnings += "sendmail: warning: -C " + options.value() +
                          " ignored: qmail is configured by the files in control\n";
        break;
      case 'b':
        if (auto mode = other_mode(options.value(), for_child)) return {std::move(mode), order.warnings};
        break;
      case '?': throw UsageError(Exit::permanent, options.problem());
      default: break;
    }
  }
  request.recipients = options.rest();
  const std::string_view called = name.substr(name.rfind('/') + 1);
  if (called == "mailq") return {list_queue(), order.warnings};
  if (called == "newaliases") return {rebuild_aliases(), order.warnings};
  // qmail-send runs the queue all the time; there is no message to read.
  if (request.run_queue && !request.recipients_in_header && request.recipients.empty()) return order;
  order.command = submit(request, std::move(for_child));
  return order;
}

}  // namespace qmail::sendmail
