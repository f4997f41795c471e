// Where a feature joins the sending of a message by SMTP: one virtual function for each step. Implemented by
// the folders of patches-integrated/, called by qmail-remote; neither knows the other.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/environment.h"
#include "core/control/control.h"
#include "core/format/socket_address.h"
#include "core/smtp/client_session.h"
#include "core/smtp/route.h"
#include "core/tls/handover.h"

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

/// A server that a message may go to, and what for.
struct Destination {
  std::string host;  ///< of the recipients' addresses
  std::string sender;
  std::string server = {};  ///< the name of the mail exchanger or relay; its address if it has no other name
  bool is_relay = false;    ///< the administrator has chosen it, and not what DNS says of `host`
  Endpoint address = {};

  /// Whom the administrator knows: the relay, or the host whose exchangers were looked up.
  const std::string& next_hop() const { return is_relay ? server : host; }
};

/// A connection that has not carried a message yet.
class Connection {
 public:
  virtual ~Connection() = default;
  virtual const Destination& destination() const = 0;
  /// True if another connection to this server was given up for this one.
  virtual bool is_second() const = 0;
  virtual ClientSession& session() = 0;
  /// False if no TLS process is there to take the connection.
  virtual bool can_be_secured() const = 0;
  /// Has it secured: the session goes on there, as if nothing had been said. What was agreed on:
  /// tls-environ(5). If it fails, the connection is of no use any more.
  virtual std::variant<Environment, tls::NotSecured> secure(const tls::Request&) = 0;
  virtual bool is_secured() const = 0;
  /// Says EHLO, as behind secure().
  virtual Verdict introduce() = 0;
  /// For the reports of messages that this connection carries: one line, about the connection.
  virtual void note(std::string_view line) = 0;
  /// A temporary failure: `but` is "but ..." and the end of the sentence.
  virtual Refusal failure(std::string_view but) const = 0;
  /// The same with the words of the server behind it, without a full stop; without a reply, the connection
  /// died.
  virtual Refusal failure(std::string_view but, const std::optional<ServerReply>& reply) const = 0;
};

/// The connection has come to nothing, and the server is to be tried once more over another one.
struct StartAnew {
  std::string note = {};  ///< for that one
};

/// What a step leads to: the next step (monostate), another connection, or no message sent.
using Decision = std::variant<std::monostate, StartAnew, Refusal>;
inline constexpr std::monostate go_on{};
inline bool goes_on(const Decision& decision) { return std::holds_alternative<std::monostate>(decision); }

/// Where a message goes: as without the feature (monostate), to a relay, or nowhere.
using Routing = std::variant<std::monostate, Route, Refusal>;

/// One feature's seat. Every step defaults to "no opinion". A feature outlives messages and connections and
/// keeps nothing of them.
class Feature {
 public:
  virtual ~Feature() = default;
  /// Where mail from `sender` for `host` goes, before smtproutes is asked.
  virtual Routing route(std::string_view /*host*/, std::string_view /*sender*/) { return go_on; }
  /// Whether `ip` is this host's own: a mail exchanger that is ends the search for one. `by_interface`: what
  /// the core, or the feature before, says.
  virtual bool is_own(const Ip& /*ip*/, bool by_interface) const { return by_interface; }
  /// The address to connect from; none: the system's choice, or the next feature's.
  virtual std::optional<Ip> source(const Destination&) const { return std::nullopt; }
  /// What messages must have in common, beside the server, to go over one connection: what the steps below
  /// make of it.
  virtual std::string sharing(const Destination&) const { return ""; }
  /// The connection stands; nothing was said.
  virtual Decision connected(Connection&) { return go_on; }
  /// The server has accepted our introduction; commands may be exchanged.
  virtual Decision introduced(Connection&) { return go_on; }
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
