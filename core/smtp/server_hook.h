// Where a feature joins an SMTP session: one virtual function for each step. Implemented by the folders of
// patches-integrated/, called by core/smtp/server_session; neither knows the other.
#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/smtp/address_argument.h"
#include "core/smtp/feature_factory.h"
#include "core/smtp/reply.h"

namespace qmail::smtpd {

/// A feature's opinion on one step: none, or the reply that refuses it.
using Verdict = std::optional<Reply>;
inline constexpr std::nullopt_t no_opinion = std::nullopt;

/// What is known of the message being announced.
struct Envelope {
  std::string_view sender;     ///< empty before MAIL and for a bounce
  std::size_t recipients = 0;  ///< accepted so far
};

/// The two requests that take parameters: RFC 5321 section 4.1.2.
enum class Request { mail, rcpt };

/// The fields of a message's header in order, each whole with its continuation lines and newlines. Whoever
/// adds one sees to it that it is such a field.
using HeaderFields = std::vector<std::string>;

/// How much of a message a feature is shown. What nobody asks for costs nothing.
enum class Interest {
  nothing,
  header,   ///< header()
  message,  ///< header(), body() and end_of_message(); it is held back until the last of these
};

/// Lets a command ask the client a question, as AUTH does.
class Dialogue {
 public:
  virtual ~Dialogue() = default;
  /// Sends `question` and waits for the client's next line, which comes without its line end; none if the
  /// line is too long or the client is gone.
  virtual std::optional<std::string> ask(const Reply& question) = 0;
};

/// One feature's seat in an SMTP session. Every step defaults to "no opinion",
/// so a feature overrides only what it cares about.
class Feature {
 public:
  virtual ~Feature() = default;
  virtual Verdict connect() { return no_opinion; }
  virtual void ehlo(std::vector<std::string>& /*keywords*/) {}
  virtual Verdict helo(std::string_view /*host*/) { return no_opinion; }
  /// What stands behind the address, before mail() or rcpt() is asked about it.
  virtual Verdict parameters(Request, std::span<const Parameter>) { return no_opinion; }
  /// Of a new message: what was known of another one is over.
  virtual Verdict mail(const Envelope&, std::string_view /*sender*/) { return no_opinion; }
  virtual Verdict rcpt(const Envelope&, std::string_view /*recipient*/) { return no_opinion; }
  virtual Verdict data(const Envelope&) { return no_opinion; }
  /// Asked when a message begins, behind data().
  virtual Interest interest() { return Interest::nothing; }
  /// The header is complete, without our own Received field; what is changed in it is changed. A refusal is
  /// told when the client has sent the rest.
  virtual Verdict header(HeaderFields&) { return no_opinion; }
  /// The next part of the body: any piece of it, with newlines as line ends.
  virtual void body(std::string_view) {}
  /// All of it was sent. The header may be changed once more.
  virtual Verdict end_of_message(HeaderFields&) { return no_opinion; }
  /// The reply to a verb the core does not know; none if it is not this feature's either.
  virtual std::optional<Reply> command(std::string_view /*verb*/, std::string_view /*arg*/, Dialogue&) {
    return std::nullopt;
  }
};

using Features = FeaturesOf<Feature>;

/// First refusal wins; the order of `features` is the order of patches-integrated/.
template <typename Ask>
Verdict ask_all(std::span<const std::unique_ptr<Feature>> features, Ask ask) {
  for (const auto& feature : features)
    if (Verdict refusal = ask(*feature)) return refusal;
  return no_opinion;
}

using qmail::Configuration;
using Factory = FactoryOf<Feature>;

/// The configured features, in the order of `factories`.
inline Features make_features(std::span<const Factory> factories, const Configuration& configuration) {
  return make_features_of<Feature>(factories, configuration);
}

}  // namespace qmail::smtpd
