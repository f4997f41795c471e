// starttls-client: mail leaves over TLS, as control/tlspolicy wants it for each destination. See README.md.
#include "core/base/text.h"
#include "core/smtp/client_hook.h"
#include "patches-integrated/starttls-client/policy.h"

namespace qmail::features::starttls_client {
namespace {

/// The port where TLS begins with the first byte. RFC 8314.
constexpr std::uint16_t smtps_port = 465;
constexpr std::uint64_t go_ahead = 220;

std::string describe(const Environment& facts, const tls::Request& request) {
  std::string text = "secured with ";
  text.append(facts.get("SSL_PROTOCOL")).append(" ").append(facts.get("SSL_CIPHER"));
  switch (request.verify) {
    case tls::Verify::name: return text + ", certificate verified for " + request.name;
    case tls::Verify::sha256: return text + ", certificate known by its fingerprint";
    default: return text + ", certificate not verified";
  }
}

class StarttlsClient final : public smtpc::Feature {
 public:
  explicit StarttlsClient(Policies policies) : policies_(std::move(policies)) {}

  std::string sharing(const smtpc::Destination& destination) const override;
  smtpc::Decision connected(smtpc::Connection& connection) override;
  smtpc::Decision introduced(smtpc::Connection& connection) override;

 private:
  Policies::Found find(const smtpc::Destination& destination) const {
    return policies_.find(destination.next_hop());
  }
  /// The server or the TLS process does not do what is wanted.
  static smtpc::Decision unwilling(smtpc::Connection& connection, const Policy& policy,
                                   const std::string& why);
  static smtpc::Decision secure(smtpc::Connection& connection, const Policy& policy);
  /// TLS or nothing.
  static bool insists(const smtpc::Connection& connection, const Policy& policy) {
    return policy.kind != Kind::may || connection.destination().address.port == smtps_port;
  }

  Policies policies_;
};

std::string StarttlsClient::sharing(const smtpc::Destination& destination) const {
  const auto found = find(destination);
  const auto* policy = std::get_if<Policy>(&found);
  if (policy == nullptr) return "?";
  const tls::Request request = request_for(*policy, destination.server);
  return text_of(*policy) + (request.verify == tls::Verify::name ? " " + request.name : "");
}

smtpc::Decision StarttlsClient::unwilling(smtpc::Connection& connection, const Policy& policy,
                                          const std::string& why) {
  if (policy.kind != Kind::may)
    return connection.failure("but " + why + ", and control/tlspolicy wants TLS. (#4.7.5)");
  connection.note("not secured: " + why);
  return smtpc::go_on;
}

smtpc::Decision StarttlsClient::secure(smtpc::Connection& connection, const Policy& policy) {
  const tls::Request request = request_for(policy, connection.destination().server);
  const auto outcome = connection.secure(request);
  if (const auto* failed = std::get_if<tls::NotSecured>(&outcome)) {
    if (!insists(connection, policy)) return smtpc::StartAnew{"not secured: " + failed->text};
    return connection.failure("but it was not secured: " + failed->text + ". (#4.7.5)");
  }
  connection.note(describe(std::get<Environment>(outcome), request));
  return smtpc::go_on;
}

smtpc::Decision StarttlsClient::connected(smtpc::Connection& connection) {
  const auto found = find(connection.destination());
  if (const auto* line = std::get_if<BadLine>(&found))
    return smtpc::Refusal{'Z', "Unable to make sense of the line " + printable(line->text, '?') +
                                   " in control/tlspolicy. (#4.3.5)\n"};
  const auto& policy = std::get<Policy>(found);
  if (connection.destination().address.port != smtps_port || policy.kind == Kind::none) return smtpc::go_on;
  return secure(connection, policy);
}

smtpc::Decision StarttlsClient::introduced(smtpc::Connection& connection) {
  const Policy policy = std::get<Policy>(find(connection.destination()));
  if (policy.kind == Kind::none || connection.is_secured()) return smtpc::go_on;
  if (policy.kind == Kind::may && connection.is_second()) return smtpc::go_on;
  if (!connection.session().offers("STARTTLS"))
    return unwilling(connection, policy, "the server offers no STARTTLS");
  if (!connection.can_be_secured()) return unwilling(connection, policy, "ucspi-tlsc is not running here");
  const auto answer = connection.session().command("STARTTLS");
  if (answer && answer->code != go_ahead && policy.kind == Kind::may)
    return unwilling(connection, policy, "the server has refused STARTTLS");
  if (!answer && policy.kind == Kind::may)
    return smtpc::StartAnew{"not secured: connection died at STARTTLS"};
  if (!answer || answer->code != go_ahead) return connection.failure("but STARTTLS was refused", answer);
  auto decision = secure(connection, policy);
  if (!smtpc::goes_on(decision)) return decision;
  if (auto failure = connection.introduce()) return std::move(*failure);
  return smtpc::go_on;
}

}  // namespace
}  // namespace qmail::features::starttls_client

namespace qmail::features {

std::unique_ptr<smtpc::Feature> configure_starttls_client(const smtpc::Configuration& configuration) {
  const Control& control = configuration.control;
  const auto lines = control.numbered_lines("tlspolicy");
  if (!lines) return nullptr;
  std::vector<std::string> texts;
  for (const ControlLine& line : *lines) {
    texts.push_back(line.text);
    if (!starttls_client::policy_of(line.text))
      control.complain({"tlspolicy", line.number,
                        "expected HOST:POLICY, where POLICY is none, may, encrypt, verify, verify:NAME or "
                        "fingerprint:SHA256; mail for that host waits"});
  }
  return std::make_unique<starttls_client::StarttlsClient>(starttls_client::Policies::of(texts));
}

}  // namespace qmail::features
