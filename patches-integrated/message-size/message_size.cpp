// message-size: SIZE of RFC 1870, so that a client learns before the message that it is too large. See
// README.md.
#include <algorithm>

#include "core/base/text.h"
#include "core/smtp/server_hook.h"

namespace qmail::features {
namespace {

constexpr std::size_t most_digits = 20;  // RFC 1870 section 3

bool is_size(std::string_view value) {
  return !value.empty() && value.size() <= most_digits &&
         std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
}

class MessageSize final : public smtpd::Feature {
 public:
  explicit MessageSize(const smtpd::Facts& facts) : facts_(facts) {}

  void ehlo(std::vector<std::string>& keywords) override {
    keywords.push_back("SIZE " + std::to_string(facts_.terms.longest_message));
  }
  smtpd::Verdict parameters(smtpd::Request request, std::span<const smtpd::Parameter> given) override {
    if (request != smtpd::Request::mail) return smtpd::no_opinion;
    for (const smtpd::Parameter& parameter : given)
      if (equal_nocase(parameter.keyword, "SIZE"))
        if (auto refusal = judge(parameter.value)) return refusal;
    return smtpd::no_opinion;
  }

 private:
  smtpd::Verdict judge(std::string_view value) const {
    if (!is_size(value)) return smtpd::Reply{501, "syntax error in SIZE (#5.5.4)"};
    const std::uint64_t most = facts_.terms.longest_message;
    // Twenty digits can be more than fits.
    const auto size = parse_number<std::uint64_t>(value);
    if (most == 0 || (size && *size <= most)) return smtpd::no_opinion;
    return smtpd::Reply{552, "sorry, that message size exceeds my databytes limit (#5.3.4)"};
  }

  const smtpd::Facts& facts_;
};

class MessageSizeSetting final : public smtpd::Setting {
 public:
  std::unique_ptr<smtpd::Feature> join(const smtpd::Circumstances& circumstances) const override {
    return std::make_unique<MessageSize>(circumstances.facts);
  }
};

}  // namespace

std::unique_ptr<smtpd::FeatureSetting> configure_message_size(const Control& control) {
  return control.number("announcesize", 0) == 0 ? nullptr : std::make_unique<MessageSizeSetting>();
}

}  // namespace qmail::features
