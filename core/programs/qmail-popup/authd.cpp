#include "core/programs/qmail-popup/authd.h"

#include "core/accounts/auth_client.h"
#include "core/accounts/checker_setting.h"
#include "core/base/home.h"
#include "core/base/local_socket.h"
#include "core/base/spawn.h"

namespace qmail::popup {
namespace {

/// The words of the session, if qmail-authd is to be asked for it.
std::vector<std::string> find_session(const Directory& home, const std::vector<std::string>& program) {
  if (!is_offered(home, accounts::auth_socket)) return {};
  auto control = home.try_sub("control");
  const auto checker = control ? accounts::read_checker(Control(std::move(*control)))
                               : std::optional<std::vector<std::string>>();
  return checker ? accounts::behind_checker(program, *checker) : std::vector<std::string>();
}

/// As the checker would have left it.
std::string_view run_session(const std::vector<std::string>& session, const accounts::AuthUser& user,
                             const Ends& ends, Environment environment) {
  for (const std::string_view entry : user.environment.entries()) {
    const std::size_t equals = entry.find('=');
    environment.set(entry.substr(0, equals), entry.substr(equals + 1));
  }
  const auto child = spawn({.argv = session,
                            .fds = {{ends.in, 0}, {ends.out, 1}, {ends.err, 2}},
                            .environment = std::move(environment),
                            .directory = user.directory,
                            .identity = user.identity});
  return child ? wait_for_session(*child) : tell_not_started(session.front(), ends);
}

}  // namespace

std::optional<std::string_view> ask_authd(accounts::Claim& claim, const std::vector<std::string>& program,
                                          const Ends& ends, const Environment& environment,
                                          const Clock& clock) {
  const auto home = Directory::try_open(home_path());
  if (!home) return std::nullopt;
  const std::vector<std::string> session = find_session(*home, program);
  if (session.empty()) return std::nullopt;
  const auto address = Ip::parse(environment.get("TCPREMOTEIP"));
  const auto answer = accounts::ask_authd(*home, {.address = address, .claim = claim.bytes()}, clock);
  if (!answer) return std::nullopt;
  claim.forget();
  switch (answer->verdict) {
    case accounts::AuthAnswer::Verdict::no: return "authorization failed";
    case accounts::AuthAnswer::Verdict::salt:
    case accounts::AuthAnswer::Verdict::later: return "unable to check passwords now, try again later";
    case accounts::AuthAnswer::Verdict::yes: break;
  }
  return run_session(session, *answer->user, ends, environment);
}

}  // namespace qmail::popup
