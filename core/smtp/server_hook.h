// Where a feature joins an SMTP session: one virtual function for each step. Implemented by the folders of
// patches-integrated/, called by core/smtp/server_session; neither knows the other.
#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/fd.h"
#include "core/base/io.h"
#include "core/control/control.h"
#include "core/smtp/address_argument.h"
#include "core/smtp/reply.h"
#include "core/smtp/session_facts.h"

namespace qmail::smtpd {

/// A feature's opinion on one step: none, or the reply that refuses it. A refusal with 421 ends the session.
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

/// Another line to the same client, and what is known of it: tls-environ(5).
struct Crossing {
  Fd line;  ///< a socket, for both directions
  Environment facts;
};

/// What a step may do with the client beside answering it.
class Dialogue {
 public:
  virtual ~Dialogue() = default;
  /// Sends `question` and waits for the client's next line, which comes without its line end; none if the
  /// line is too long or the client is gone.
  virtual std::optional<std::string> ask(const Reply& question) = 0;
  /// Waits so long, or until the client says something or is gone: true.
  virtual bool speaks_within(std::chrono::milliseconds time) = 0;
  /// Sends what was said so far, and waits so long, whatever the client does meanwhile.
  virtual void pause(std::chrono::milliseconds /*time*/) {}
  /// Sends `go_ahead`, and has `cross` take the client to another line, as STARTTLS does. What was said
  /// before counts no more (RFC 3207 section 4.2), and what the old line still holds is `cross`'s to drop.
  /// The session is over if it gives none.
  virtual void cross(const Reply& go_ahead,
                     const std::function<std::optional<Crossing>(Reader&, Writer&)>& cross) = 0;
};

/// A command's answer where nothing is left to say.
inline const Reply no_reply{.code = 0, .text = {}};

/// One feature's seat in an SMTP session. Every step defaults to "no opinion",
/// so a feature overrides only what it cares about.
class Feature {
 public:
  virtual ~Feature() = default;
  virtual Verdict connect(Dialogue&) { return no_opinion; }
  virtual void ehlo(std::vector<std::string>& /*keywords*/) {}
  virtual Verdict helo(std::string_view /*host*/) { return no_opinion; }
  /// What stands behind the address, before mail() or rcpt() is asked about it.
  virtual Verdict parameters(Request, std::span<const Parameter>) { return no_opinion; }
  /// Of a new message: what was known of another one is over.
  virtual Verdict mail(const Envelope&, std::string_view /*sender*/) { return no_opinion; }
  virtual Verdict rcpt(const Envelope&, std::string_view /*recipient*/, Dialogue&) { return no_opinion; }
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
  /// The reply to a verb the core does not know, or no_reply; none if it is not this feature's either.
  virtual std::optional<Reply> command(std::string_view /*verb*/, std::string_view /*arg*/, Dialogue&) {
    return std::nullopt;
  }
};

using Features = std::vector<std::unique_ptr<Feature>>;

/// First refusal wins; the order of `features` is the order of patches-integrated/.
template <typename Ask>
Verdict ask_all(std::span<const std::unique_ptr<Feature>> features, Ask ask) {
  for (const auto& feature : features)
    if (Verdict refusal = ask(*feature)) return refusal;
  return no_opinion;
}

/// What a seat is made of, besides its feature's settings. All of it outlives the seat.
struct Circumstances {
  const Directory& home;
  const Clock& clock;
  const Facts& facts;
  /// One line for the log, without the program's name.
  const std::function<void(std::string_view)>& note;
  std::span<const std::string> arguments = {};  ///< of the program
};

/// The same for those that may admit a client.
struct AdmittingCircumstances : Circumstances {
  Admission& admission;
};

/// What a feature has read of its control files: the same for every session until one of them changes. One
/// whose feature.json says that it admits derives from this class, others from Setting.
class FeatureSetting {
 public:
  virtual ~FeatureSetting() = default;
  /// The feature's seat in one session, which this object outlives; null if it has no say there.
  virtual std::unique_ptr<Feature> join(const AdmittingCircumstances&) const = 0;
};

class Setting : public FeatureSetting {
 public:
  virtual std::unique_ptr<Feature> join(const Circumstances&) const = 0;
  std::unique_ptr<Feature> join(const AdmittingCircumstances& circumstances) const final {
    return join(static_cast<const Circumstances&>(circumstances));
  }
};

/// The setting of a feature whose seats are made as Seat(data, circumstances), with what it has read.
template <typename Seat, typename Data>
std::unique_ptr<Setting> setting_of(Data data) {
  class Read final : public Setting {
   public:
    explicit Read(Data read) : data_(std::move(read)) {}
    std::unique_ptr<Feature> join(const Circumstances& circumstances) const override {
      return std::make_unique<Seat>(data_, circumstances);
    }

   private:
    Data data_;
  };
  return std::make_unique<Read>(std::move(data));
}

/// Reads a feature's control files; null when it is not configured: an unconfigured feature does not exist.
/// The one function of a feature that others see. Throws Failure.
using Configure = std::unique_ptr<FeatureSetting>(const Control&);
using FeatureSettings = std::vector<std::unique_ptr<FeatureSetting>>;

/// Those of the configured features, in the order of `features`. Throws Failure.
inline FeatureSettings configure_all(std::span<Configure* const> features, const Control& control) {
  FeatureSettings settings;
  for (const auto configure : features)
    if (auto setting = configure(control)) settings.push_back(std::move(setting));
  return settings;
}

/// The seats in one session, in the same order.
inline Features seats_of(const FeatureSettings& settings, const AdmittingCircumstances& circumstances) {
  Features features;
  for (const auto& setting : settings)
    if (auto seat = setting->join(circumstances)) features.push_back(std::move(seat));
  return features;
}

/// Those that a program was built with, by their `order`: written by CMake from their feature.json files
/// (QmailFeature.cmake).
std::span<Configure* const> features_compiled_in();

}  // namespace qmail::smtpd
