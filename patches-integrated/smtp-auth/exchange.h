// One exchange of AUTH with a client, by any of the mechanisms: RFC 4954 section 4.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/smtp/server_hook.h"
#include "patches-integrated/smtp-auth/offer.h"
#include "patches-integrated/smtp-auth/prover.h"

namespace qmail::smtp_auth {

/// Who wants to be who, and what is to be thought of it.
struct Attempt {
  std::string login;
  accounts::Finding finding;
};

/// The client's answers to challenges.
class Exchange {
 public:
  /// `initial`: what stands behind the mechanism in the command, if anything does.
  Exchange(smtpd::Dialogue& dialogue, std::optional<std::string_view> initial)
      : dialogue_(dialogue), initial_(initial) {}
  /// The next answer, out of base64; whoever gets it wipes it. None: refusal() is to be told.
  std::optional<std::string> ask(std::string_view challenge);
  bool has_initial() const { return initial_.has_value(); }
  /// "malformed", if nothing else was wrong.
  const smtpd::Reply& refusal() const { return refusal_; }

 private:
  std::optional<std::string> decode(std::string_view line);

  smtpd::Dialogue& dialogue_;
  std::optional<std::string_view> initial_;
  smtpd::Reply refusal_{501, "malformed auth input (#5.5.4)"};
};

/// What a mechanism works with.
struct Means {
  const Prover& prover;
  const std::string& host;  ///< this host's name
  const Clock& clock;
};

struct Mechanism {
  std::string_view name;
  bool Offer::*offered;
  /// None: the exchange's refusal.
  std::optional<Attempt> (*run)(Exchange&, const Means&);
};

/// In the order in which they are announced. Null if there is none of this name.
std::span<const Mechanism> mechanisms();
const Mechanism* find_mechanism(std::string_view name);

}  // namespace qmail::smtp_auth
