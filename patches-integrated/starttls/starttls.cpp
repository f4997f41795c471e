// starttls: a session goes over to TLS in its midst, by way of ucspi-tlsd. See README.md.
#include "core/base/text.h"
#include "core/smtp/server_hook.h"
#include "core/tls/handover.h"

namespace qmail::features {
namespace {

/// How long to wait for a TLS process that does not even take us in.
constexpr unsigned patience_seconds = 10;

class StartTls final : public smtpd::Feature {
 public:
  StartTls(const smtpd::Circumstances& session, bool is_required)
      : session_(session), is_required_(is_required) {}

  /// The line may have been secured from its first byte.
  smtpd::Verdict connect(smtpd::Dialogue&) override {
    if (session_.facts.is_secured()) tell_of_agreement();
    return smtpd::no_opinion;
  }
  void ehlo(std::vector<std::string>& keywords) override {
    if (!session_.facts.is_secured() && tls::is_offered(session_.home, tls::Role::server))
      keywords.emplace_back("STARTTLS");
  }
  smtpd::Verdict mail(const smtpd::Envelope&, std::string_view) override {
    if (!is_required_ || session_.facts.is_secured()) return smtpd::no_opinion;
    return smtpd::Reply{530, "Must issue a STARTTLS command first (#5.7.0)"};
  }
  std::optional<smtpd::Reply> command(std::string_view verb, std::string_view arg,
                                      smtpd::Dialogue& dialogue) override {
    if (!equal_nocase(verb, "starttls")) return std::nullopt;
    return start(arg, dialogue);
  }

 private:
  smtpd::Reply start(std::string_view arg, smtpd::Dialogue& dialogue);
  std::optional<smtpd::Crossing> shake_hands(const Fd& control, Reader& in, Writer& out);
  void tell_of_agreement();
  std::string client() const {
    return printable(std::string(session_.facts.environment.get("TCPREMOTEIP", "unknown")), '?');
  }

  const smtpd::Circumstances session_;
  bool is_required_;
};

smtpd::Reply StartTls::start(std::string_view arg, smtpd::Dialogue& dialogue) {
  if (session_.facts.is_secured()) return {503, "TLS is in use already (#5.5.1)"};
  // Who has logged in, and perhaps been overheard, would be somebody else behind it (RFC 3207, section 4.2).
  if (!session_.facts.account.empty()) return {503, "no TLS behind a login (#5.5.1)"};
  if (!arg.empty()) return {501, "no parameters allowed (#5.5.4)"};
  // Once the client was told to begin there is no way back to plain text, so first of all:
  const auto reached = tls::reach(session_.home, tls::Role::server, patience_seconds);
  if (const auto* nobody = std::get_if<tls::NotSecured>(&reached)) {
    session_.note("warning: no TLS for " + client() + ": " + nobody->text + ": see that ucspi-tlsd runs");
    return {454, "TLS not available (#4.3.0)"};
  }
  dialogue.cross({220, "ready for tls"},
                 [&](Reader& in, Writer& out) { return shake_hands(std::get<Fd>(reached), in, out); });
  if (session_.facts.is_secured()) tell_of_agreement();
  return smtpd::no_reply;
}

std::optional<smtpd::Crossing> StartTls::shake_hands(const Fd& control, Reader& in, Writer& out) {
  auto outcome = tls::secure_by(control, {.role = tls::Role::server}, in, out, session_.clock);
  if (const auto* failed = std::get_if<tls::NotSecured>(&outcome)) {
    session_.note("fatal: no TLS with " + client() + ": " + failed->text);
    return std::nullopt;
  }
  auto& secured = std::get<tls::Secured>(outcome);
  return smtpd::Crossing{.line = std::move(secured.plain), .facts = std::move(secured.facts)};
}

/// "secured 192.0.2.25 TLSv1.3 TLS_AES_256_GCM_SHA384 mx.example.org", the name if the client asked for one.
void StartTls::tell_of_agreement() {
  std::string line = "secured " + client();
  for (const char* const fact : {"SSL_PROTOCOL", "SSL_CIPHER", "SSL_TLS_SNI"})
    if (const auto value = session_.facts.environment.find(fact))
      line += " " + printable(std::string(*value), '?');
  session_.note(line);
}

class StartTlsSetting final : public smtpd::Setting {
 public:
  explicit StartTlsSetting(bool has_certificate) : has_certificate_(has_certificate) {}
  std::unique_ptr<smtpd::Feature> join(const smtpd::Circumstances& session) const override {
    const bool is_required = session.facts.environment.get("FORCETLS", "0") != "0";
    if (!is_required && !has_certificate_) return nullptr;
    return std::make_unique<StartTls>(session, is_required);
  }

 private:
  bool has_certificate_;
};

}  // namespace

/// Never null: also without a certificate a session may be told that it must not do without TLS.
std::unique_ptr<smtpd::FeatureSetting> configure_starttls(const Control& control) {
  return std::make_unique<StartTlsSetting>(control.has("servercert.pem"));
}

}  // namespace qmail::features
