// A connection to a scripted server as a feature of qmail-remote meets it, for its tests.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/smtp/client_hook.h"
#include "tests/support/scripted_smtp_server.h"

namespace qmail::test {

class ServerConnection final : public smtpc::Connection {
 public:
  ServerConnection(smtpc::Destination to, std::vector<std::string> script)
      : to_(std::move(to)),
        server_(std::move(script)),
        line_(server_.take_client()),
        session_(line_.get(), 20) {}

  const smtpc::Destination& destination() const override { return to_; }
  bool is_second() const override { return second; }
  smtpc::ClientSession& session() override { return session_; }
  bool can_be_secured() const override { return has_tls; }
  std::variant<Environment, tls::NotSecured> secure(const tls::Request& request) override {
    requests.push_back(request);
    if (tls_failure) return tls::NotSecured{tls::NotSecured::Reason::failed, *tls_failure};
    secured = true;
    Environment facts;
    facts.set("SSL_PROTOCOL", "TLSv1.3");
    facts.set("SSL_CIPHER", "CIPHER");
    return facts;
  }
  bool is_secured() const override { return secured; }
  smtpc::Verdict introduce() override {
    const auto answer = session_.introduce("me.example");
    if (answer && !answer->refuses()) return smtpc::no_opinion;
    return failure("but name", answer);
  }
  void note(std::string_view line) override { notes.emplace_back(line); }
  smtpc::Refusal failure(std::string_view but) const override { return {'Z', std::string(but)}; }
  smtpc::Refusal failure(std::string_view but,
                         const std::optional<smtpc::ServerReply>& reply) const override {
    return {'Z', std::string(but) + (reply ? ": " + reply->text : ": died")};
  }
  /// All the server heard, once it has nothing left to say.
  const std::string& heard() {
    session_.quit();
    line_.close();
    return server_.heard();
  }

  bool second = false, has_tls = true, secured = false;
  std::optional<std::string> tls_failure;
  std::vector<tls::Request> requests;  ///< to the TLS process
  std::vector<std::string> notes;

 private:
  smtpc::Destination to_;
  ScriptedSmtpServer server_;
  Fd line_;
  smtpc::ClientSession session_;
};

/// "go on", "anew: NOTE", or the report.
inline std::string text_of(const smtpc::Decision& decision) {
  if (const auto* anew = std::get_if<smtpc::StartAnew>(&decision)) return "anew: " + anew->note;
  if (const auto* refusal = std::get_if<smtpc::Refusal>(&decision)) return refusal->kind + refusal->text;
  return "go on";
}

}  // namespace qmail::test
