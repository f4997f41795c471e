// recipient-limit: at most control/maxrcpt recipients in a message. See README.md.
#include "core/smtp/server_hook.h"

namespace qmail::features {
namespace {

class RecipientLimit final : public smtpd::Feature {
 public:
  RecipientLimit(std::uint64_t most, const smtpd::Circumstances&) : most_(most) {}
  smtpd::Verdict rcpt(const smtpd::Envelope& so_far, std::string_view, smtpd::Dialogue&) override {
    if (so_far.recipients < most_) return smtpd::no_opinion;
    return smtpd::Reply{452, "too many recipients (#4.5.3)"};
  }

 private:
  std::uint64_t most_;
};

}  // namespace

std::unique_ptr<smtpd::FeatureSetting> configure_recipient_limit(const Control& control) {
  const std::uint64_t most = control.number("maxrcpt", 0);
  return most == 0 ? nullptr : smtpd::setting_of<RecipientLimit>(most);
}

}  // namespace qmail::features
