// One SMTP session, from the greeting to QUIT. qmail-smtpd(8). Runs the same behind any front end: everything
// it works with is handed to it.
#pragma once
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/fd.h"
#include "core/dns/own_addresses.h"
#include "core/queue/client.h"
#include "core/smtp/connection.h"
#include "core/smtp/received.h"
#include "core/smtp/server_hook.h"
#include "core/smtp/server_settings.h"

namespace qmail::smtpd {

/// The world of a session. All of it must outlive the session.
struct World {
  int in;
  int out;
  const Directory& home;
  const Clock& clock;
  const Settings& settings;
  Facts& facts;
  std::span<const std::unique_ptr<Feature>> features;
};

class Session final : private Dialogue {
 public:
  explicit Session(const World& world);
  /// Talks until the client quits (0) or is lost (1).
  int run();
  /// After run(): the client did nothing but what clients do, and quit. Nothing was refused, no line was
  /// misunderstood, no feature's command was used.
  bool was_clean() const { return is_clean_ && exit_code_ == 0; }

 private:
  /// None: there is nothing to say.
  using Answer = std::optional<Reply>;
  struct Command {
    std::string_view verb;
    Answer (Session::*run)(std::string_view arg);
  };
  /// A message whose MAIL was accepted.
  struct Message {
    std::string sender;
    std::string recipients = {};  ///< each ended by NUL
    std::size_t count = 0;
  };
  enum class Body { whole, stray_newline, lost };
  static const std::array<Command, 10> commands;

  void say(const Reply& reply);
  Answer answer(std::string_view line);
  Answer helo(std::string_view arg);
  Answer ehlo(std::string_view arg);
  Answer mail(std::string_view arg);
  Answer rcpt(std::string_view arg);
  Answer data(std::string_view arg);
  Answer rset(std::string_view arg);
  Answer help(std::string_view arg);
  Answer noop(std::string_view arg);
  Answer vrfy(std::string_view arg);
  Answer quit(std::string_view arg);
  Answer offer(std::string_view verb, std::string_view arg);

  std::optional<std::string> ask(const Reply& question) override;
  bool speaks_within(std::chrono::milliseconds time) override;
  void pause(std::chrono::milliseconds time) override;
  void cross(const Reply& go_ahead,
             const std::function<std::optional<Crossing>(Reader&, Writer&)>& cross) override;
  Verdict greet(std::string_view host);
  std::optional<std::string> address(std::string_view arg);
  bool is_ours(const Ip& ip);
  bool is_bad_sender() const;
  Envelope envelope() const;
  Answer receive(const Message& message);
  Verdict check_parameters(Request request, std::string_view arg);
  Body receive_body(class MessageStream& stream, class HopCounter& hops, std::uint64_t& bytes);
  bool is_too_large(std::uint64_t bytes) const;

  const World world_;
  const Settings& settings_;
  Facts& facts_;
  Fd other_line_;  ///< where the client was taken to
  std::optional<Connection> connection_;
  std::string helo_;
  std::optional<Message> message_;
  std::vector<Ip> own_addresses_;
  std::optional<int> exit_code_;  ///< set: the session is over
  bool is_clean_ = true;
};

}  // namespace qmail::smtpd
