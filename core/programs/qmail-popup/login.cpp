#include "core/programs/qmail-popup/login.h"

#include "core/base/home.h"
#include "core/base/io.h"
#include "core/base/text.h"
#include "core/programs/qmail-popup/authd.h"
#include "core/programs/qmail-popup/checker.h"
#include "core/tls/handover.h"

namespace qmail::popup {
namespace {

using pop3::Connection;

constexpr std::string_view not_yet = "authorization first";
constexpr std::string_view bad_syntax = "syntax error";

}  // namespace

constexpr std::array<Login::Command, 7> Login::commands{{
    {"user", &Login::user},
    {"pass", &Login::pass},
    {"apop", &Login::apop},
    {"capa", &Login::capa},
    {"stls", &Login::stls},
    {"noop", &Login::noop},
    {"quit", &Login::quit},
}};

Login::Login(const Process& self, std::string timestamp)
    : self_(self), timestamp_(std::move(timestamp)), environment_(self.environment) {
  connection_.emplace(self.in, self.out, Connection::Reading::exact);
}

void Login::run() {
  connection_->ok(timestamp_);
  while (!is_over_) {
    const auto request = connection_->next();
    if (!request) break;
    answer(*request);
  }
  connection_->finish();
}

void Login::answer(const pop3::Request& request) {
  for (const Command& command : commands)
    if (equal_nocase(command.verb, request.verb)) return (this->*command.run)(request.arg);
  connection_->err(not_yet);
}

void Login::user(std::string_view arg) {
  if (arg.empty()) return connection_->err(bad_syntax);
  user_ = arg;
  connection_->ok();
}

void Login::pass(std::string_view arg) {
  if (!user_) return connection_->err("USER first");
  if (arg.empty()) return connection_->err(bad_syntax);
  hand_over(*user_, arg);
}

void Login::apop(std::string_view arg) {
  const std::size_t space = arg.find(' ');
  if (space == std::string_view::npos) return connection_->err(bad_syntax);
  hand_over(arg.substr(0, space), arg.substr(space + 1));
}

void Login::capa(std::string_view) { tell_capabilities(*connection_, can_start_tls()); }

void Login::noop(std::string_view) { connection_->ok(); }

void Login::quit(std::string_view) {
  connection_->ok();
  is_over_ = true;
}

bool Login::can_start_tls() const {
  if (environment_.find("SSL_PROTOCOL")) return false;
  const auto home = Directory::try_open(home_path());
  return home && tls::is_offered(*home, tls::Role::server);
}

void Login::stls(std::string_view arg) {
  // An unknown command, as in stock, where there is no TLS or it is there already.
  if (!can_start_tls()) return connection_->err(not_yet);
  if (!arg.empty()) return connection_->err(bad_syntax);
  connection_->ok("begin TLS negotiation");
  start_tls();
}

void Login::start_tls() {
  is_over_ = !connection_->flush();
  if (is_over_) return;
  auto outcome = tls::secure(self_.home(), {.role = tls::Role::server}, self_.in, self_.out, self_.clock);
  if (const auto* failed = std::get_if<tls::NotSecured>(&outcome)) {
    // The client is beyond hearing it, and the log is told as well as it can be.
    static_cast<void>(Writer(self_.err).put("qmail-popup: fatal: ").put(failed->text).put("\n").flush());
    is_over_ = true;
    return;
  }
  auto& secured = std::get<tls::Secured>(outcome);
  environment_ = tls::with_facts(std::move(environment_), secured.facts);
  secured_ = std::move(secured.plain);
  // Nothing said before counts any more: it may have been somebody else's.
  user_.reset();
  connection_.emplace(secured_.get(), secured_.get(), Connection::Reading::exact);
}

void Login::hand_over(std::string_view user, std::string_view password) {
  is_over_ = true;
  if (!connection_->flush()) return;
  accounts::Claim claim({.login = user, .password = password, .timestamp = timestamp_});
  connection_->forget();
  const Ends ends{.in = secured_ ? secured_.get() : self_.in,
                  .out = secured_ ? secured_.get() : self_.out,
                  .err = self_.err};
  const std::vector<std::string> program(self_.args.begin() + 1, self_.args.end());
  const auto refusal_by_authd = ask_authd(claim, program, ends, environment_, self_.clock);
  const std::string_view refusal =
      refusal_by_authd ? *refusal_by_authd : ask(claim, program, ends, environment_);
  if (!refusal.empty()) connection_->err(refusal);
}

}  // namespace qmail::popup
