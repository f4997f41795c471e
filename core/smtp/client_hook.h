// Where a feature joins the sending of a message by SMTP: one virtual function for each step. Implemented by
// the folders of patches-integrated/, called by qmail-remote; neither knows the other.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/environment.h"
#include "core/control/control.h"
#include "core/smtp/client_session.h"
#include "core/smtp/route.h"

namespace qmail::smtpc {

/// Why a message is not sent: how qmail-remote's message report begins ('D' permanent, 'Z' temporary) and
/// what it says, as one or more whole lines.
struct Refusal {
  char kind;
  std::string text;
};

/// A feature's opinion on one step: none, or what keeps the message from being sent.
using Verdict = std::optional<Refusal>;
inline constexpr std::nullopt_t no_opinion = std::nullopt;

/// One feature's seat. Every step defaults to "no opinion".
class Feature {
 public:
  virtual ~Feature() = default;
  /// Where mail from `sender` for `host` goes, before smtproutes is asked.
  virtual std::optional<Route> route(std::string_view /*host*/, std::string_view /*sender*/) {
    return std::nullopt;
  }
  /// The server has accepted our greeting; commands may be exchanged before MAIL.
  virtual Verdict before_mail(ClientSession&, std::string_view /*sender*/) { return no_opinion; }
};

using Features = std::vector<std::unique_ptr<Feature>>;

/// What a feature reads to find out whether it is configured.
struct Configuration {
  const Control& control;
  const Environment& environment;
};

/// Makes a feature; null when it is not configured: an unconfigured feature does not exist. The one function
/// of a feature that others see. Throws Failure.
using Configure = std::unique_ptr<Feature>(const Configuration&);

/// The configured ones, in the order of `features`.
inline Features configure_all(std::span<Configure* const> features, const Configuration& configuration) {
  Features configured;
  for (const auto configure : features)
    if (auto feature = configure(configuration)) configured.push_back(std::move(feature));
  return configured;
}

/// Those that a program was built with, by their `order`: written by CMake from their feature.json files
/// (QmailFeature.cmake).
std::span<Configure* const> features_compiled_in();

}  // namespace qmail::smtpc
