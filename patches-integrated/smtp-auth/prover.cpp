#include "patches-integrated/smtp-auth/prover.h"

#include <cerrno>
#include <signal.h>

#include "core/accounts/auth_client.h"
#include "core/accounts/check_run.h"
#include "core/accounts/checker_setting.h"
#include "core/base/deadline.h"
#include "core/base/error_text.h"
#include "core/base/local_socket.h"
#include "core/base/spawn.h"
#include "patches-integrated/smtp-auth/checker_arguments.h"

namespace qmail::smtp_auth {
namespace {

constexpr unsigned check_seconds = 60;
constexpr int standard_error = 2;

}  // namespace

Prover::Prover(const smtpd::Circumstances& circumstances, const std::vector<std::string>& checker,
               const std::optional<std::vector<std::string>>& configured)
    : circumstances_(circumstances), checker_(checker), configured_(configured) {}

bool Prover::asks_authd() const {
  if (!configured_) return false;
  const bool is_its_checker = checker_.empty() || !accounts::behind_checker(checker_, *configured_).empty();
  return is_its_checker && is_offered(circumstances_.home, accounts::auth_socket);
}

bool Prover::can_tell_salts() const { return asks_authd() && accounts::knows_scram(*configured_); }

std::optional<accounts::AuthAnswer> Prover::ask(const accounts::Claim& claim, bool about_salt) const {
  const auto address = Ip::parse(circumstances_.facts.environment.get("TCPREMOTEIP"));
  return accounts::ask_authd(circumstances_.home,
                             {.address = address, .claim = claim.bytes(), .wants_salt = about_salt},
                             circumstances_.clock);
}

accounts::Finding Prover::check(const accounts::ClaimParts& parts) const {
  accounts::Claim claim(parts);
  if (asks_authd())
    if (auto answer = ask(claim, false)) return {.answer = std::move(*answer)};
  if (checker_.empty()) return {.answer = {}, .trouble = "qmail-authd is not there"};
  // As every checker does, and qmail-authd.
  if (claim.bytes().size() > accounts::Claim::most_bytes)
    return {.answer = {.verdict = accounts::AuthAnswer::Verdict::no}};
  return run(claim);
}

std::optional<accounts::Salting> Prover::salting_of(std::string_view login) const {
  const accounts::Claim claim({.login = login, .password = "", .timestamp = ""});
  const auto answer = ask(claim, true);
  if (!answer || answer->verdict != accounts::AuthAnswer::Verdict::salt) return std::nullopt;
  return answer->salting;
}

accounts::Finding Prover::run(accounts::Claim& claim) const {
  const Fd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  const accounts::Premises premises{.reporter = circumstances_.home.path_of("bin/qmail-authd"),
                                    .environment = circumstances_.facts.environment,
                                    .null = null.get(),
                                    .err = standard_error};
  auto checker = null ? accounts::CheckRun::start(without_true(checker_), claim, premises) : std::nullopt;
  if (!checker)
    return {.answer = {}, .trouble = "unable to run " + checker_.front() + ": " + error_text(errno)};
  const auto status = wait_for(checker->pid(), Deadline(circumstances_.clock, check_seconds));
  if (status) return checker->finish(*status, false);
  ::kill(checker->pid(), SIGKILL);
  return checker->finish(wait_for(checker->pid()), true);
}

}  // namespace qmail::smtp_auth
