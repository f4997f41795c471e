// fuzzes: feature.smtp-auth
// What a client says to AUTH: any lines end an exchange by any mechanism, and let nobody in where nobody
// checks passwords. What stands behind SMTPAUTH and in a message is what it says, or nothing.
#include <cstdint>
#include <cstdlib>

#include "core/base/text.h"
#include "patches-integrated/smtp-auth/exchange.h"
#include "patches-integrated/smtp-auth/sasl.h"

using namespace qmail;

namespace {

/// A client that says one line after the other.
class Lines final : public smtpd::Dialogue {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  std::optional<std::string> ask(const smtpd::Reply&) override {
    if (rest_.empty()) return std::nullopt;
    const std::string_view line = rest_.substr(0, rest_.find('\n'));
    rest_.remove_prefix(std::min(rest_.size(), line.size() + 1));
    return std::string(line);
  }
  bool speaks_within(std::chrono::milliseconds) override { return true; }
  void cross(const smtpd::Reply&,
             const std::function<std::optional<smtpd::Crossing>(Reader&, Writer&)>&) override {}

 private:
  std::string_view rest_;
};

void log_in(std::string_view text, const smtp_auth::Mechanism& mechanism, bool has_initial) {
  const Directory home = Directory::open("/");
  const SystemClock clock;
  const smtpd::Facts facts;
  const std::function<void(std::string_view)> note = [](std::string_view) {};
  const smtpd::Circumstances circumstances{home, clock, facts, note};
  const std::vector<std::string> checker;
  const std::optional<std::vector<std::string>> configured;
  const smtp_auth::Prover prover(circumstances, checker, configured);
  const std::string host = "host";
  Lines lines(text);
  smtp_auth::Exchange exchange(lines,
                               has_initial ? std::optional(text.substr(0, text.find('\n'))) : std::nullopt);
  const auto attempt = mechanism.run(exchange, {.prover = prover, .host = host, .clock = clock});
  if (attempt && attempt->finding.answer.verdict == accounts::AuthAnswer::Verdict::yes) std::abort();
  if (!attempt && exchange.refusal().code < 500) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const smtp_auth::Mechanism& mechanism : smtp_auth::mechanisms())
    for (const bool has_initial : {false, true}) log_in(text, mechanism, has_initial);
  static_cast<void>(smtp_auth::parse_offer(text));
  if (const auto message = smtp_auth::parse_plain(text))
    if (message->login.empty() || message->password.empty() ||
        message->password.data() + message->password.size() != text.data() + size)
      std::abort();
  if (const auto response = smtp_auth::parse_cram_response(text))
    if (response->login.size() + 1 + response->digest.size() != size) std::abort();
  return 0;
}
