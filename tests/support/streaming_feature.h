// A feature of the tests that uses every step which shows it the message: it refuses what says that it is
// large, adds a field, writes From anew, and refuses at the end what has a certain word in it.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>

#include "core/base/text.h"
#include "core/format/header_field.h"
#include "core/smtp/server_hook.h"

namespace qmail::test {

class StreamingFeature final : public smtpd::Feature {
 public:
  explicit StreamingFeature(smtpd::Interest interest) : interest_(interest) {}

  smtpd::Verdict parameters(smtpd::Request request, std::span<const smtpd::Parameter> given) override {
    for (const smtpd::Parameter& parameter : given)
      if (request == smtpd::Request::mail && equal_nocase(parameter.keyword, "size") &&
          parse_number<std::uint64_t>(parameter.value).value_or(0) > 1000)
        return smtpd::Reply{552, "too large"};
    return smtpd::no_opinion;
  }
  smtpd::Verdict mail(const smtpd::Envelope&, std::string_view) override {
    body_.clear();
    return smtpd::no_opinion;
  }
  smtpd::Interest interest() override { return interest_; }
  smtpd::Verdict header(smtpd::HeaderFields& fields) override {
    for (std::string& field : fields)
      if (header::is_field(field, "from")) field = "From: somebody@example.org\n";
    fields.insert(fields.begin(), "X-Seen: yes\n");
    const auto is_bad = [](const std::string& field) { return header::is_field(field, "x-bad"); };
    return std::any_of(fields.begin(), fields.end(), is_bad) ? smtpd::Verdict({550, "bad header"})
                                                             : smtpd::no_opinion;
  }
  void body(std::string_view piece) override { body_ += piece; }
  smtpd::Verdict end_of_message(smtpd::HeaderFields& fields) override {
    fields.push_back("X-Bytes: " + std::to_string(body_.size()) + "\n");
    return body_.find("virus") == std::string::npos ? smtpd::no_opinion : smtpd::Verdict({554, "no viruses"});
  }

 private:
  smtpd::Interest interest_;
  std::string body_;
};

}  // namespace qmail::test
