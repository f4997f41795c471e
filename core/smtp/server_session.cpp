#include "core/smtp/server_session.h"

#include <algorithm>

#include "core/base/deadline.h"
#include "core/base/secret.h"
#include "core/base/text.h"
#include "core/format/address.h"
#include "core/smtp/address_argument.h"
#include "core/smtp/data_decoder.h"
#include "core/smtp/message_stream.h"
#include "core/tls/handover.h"

namespace qmail::smtpd {
namespace {

constexpr int ended_by_quit = 0;
constexpr int ended_otherwise = 1;
constexpr std::size_t longest_address = 899;  // as stock; RFC 5321 section 4.5.3.1.3 asks for 256
constexpr std::size_t most_recipient_bytes = std::size_t{16} << 20;

}  // namespace

constexpr std::array<Session::Command, 10> Session::commands{{
    {"rcpt", &Session::rcpt},
    {"mail", &Session::mail},
    {"data", &Session::data},
    {"quit", &Session::quit},
    {"helo", &Session::helo},
    {"ehlo", &Session::ehlo},
    {"rset", &Session::rset},
    {"help", &Session::help},
    {"noop", &Session::noop},
    {"vrfy", &Session::vrfy},
}};

Session::Session(const World& world)
    : world_(world),
      settings_(world.settings),
      facts_(world.facts),
      connection_(std::in_place, world.in, world.out, world.settings.timeout_seconds),
      helo_(Trace::from(facts_.environment).remote_host) {}

int Session::run() {
  if (auto refusal = ask_all(world_.features, [&](Feature& feature) { return feature.connect(*this); })) {
    say(*refusal);
    exit_code_ = ended_otherwise;
  } else if (!exit_code_) {
    connection_->say({220, settings_.greeting + " ESMTP"});
  }
  std::string line;
  while (!exit_code_) {
    switch (connection_->next_line(line)) {
      case Connection::Line::whole:
        if (const Answer reply = answer(line)) say(*reply);
        if (!is_clean_) wipe(line);
        break;
      case Connection::Line::too_long: say({500, "line too long (#5.5.2)"}); break;
      case Connection::Line::lost: exit_code_ = ended_otherwise; break;
    }
  }
  if (!connection_->flush()) exit_code_ = ended_otherwise;
  return *exit_code_;
}

void Session::say(const Reply& reply) {
  constexpr int first_refusal = 400, service_ends = 421;
  if (reply.code >= first_refusal) is_clean_ = false;
  if (reply.code == service_ends) exit_code_ = ended_otherwise;
  connection_->say(reply);
}

/// One request line in, one reply out.
Session::Answer Session::answer(std::string_view line) {
  line = line.substr(0, line.find('\0'));  // as stock, where a line is a C string
  const std::string_view verb = line.substr(0, line.find(' '));
  std::string_view arg = line.substr(verb.size());
  arg.remove_prefix(std::min(arg.find_first_not_of(' '), arg.size()));
  for (const Command& command : commands)
    if (equal_nocase(command.verb, verb)) return (this->*command.run)(arg);
  return offer(verb, arg);
}

/// A verb the core does not know may be a feature's.
Session::Answer Session::offer(std::string_view verb, std::string_view arg) {
  facts_.has_message = message_.has_value();
  for (const auto& feature : world_.features)
    if (auto reply = feature->command(verb, arg, *this)) {
      is_clean_ = false;
      connection_->forget();
      return reply->code == no_reply.code ? std::nullopt : reply;
    }
  return Reply{502, "unimplemented (#5.5.1)"};
}

std::optional<std::string> Session::ask(const Reply& question) {
  connection_->say(question);
  std::string line;
  const auto got = connection_->next_line(line);
  if (got == Connection::Line::lost) exit_code_ = ended_otherwise;
  return got == Connection::Line::whole ? std::optional(std::move(line)) : std::nullopt;
}

bool Session::speaks_within(std::chrono::milliseconds time) {
  return !connection_->flush() || connection_->has_input_within(time);
}

void Session::pause(std::chrono::milliseconds time) {
  constexpr int nothing = -1;
  if (connection_->flush()) wait_until(nothing, 0, Deadline(SteadyClock(), time));
}

void Session::cross(const Reply& go_ahead,
                    const std::function<std::optional<Crossing>(Reader&, Writer&)>& cross) {
  connection_->say(go_ahead);
  auto crossing = connection_->give_away(cross);
  if (!crossing) {
    exit_code_ = ended_otherwise;
    return;
  }
  other_line_ = std::move(crossing->line);
  connection_.emplace(other_line_.get(), other_line_.get(), settings_.timeout_seconds);
  facts_.environment = tls::with_facts(std::move(facts_.environment), crossing->facts);
  message_.reset();
  helo_ = Trace::from(facts_.environment).remote_host;
}

/// What HELO and EHLO have in common.
Verdict Session::greet(std::string_view host) {
  message_.reset();
  if (auto refusal = ask_all(world_.features, [&](Feature& feature) { return feature.helo(host); }))
    return refusal;
  helo_ = host;
  return no_opinion;
}

Session::Answer Session::helo(std::string_view arg) {
  if (auto refusal = greet(arg)) return refusal;
  return Reply{250, settings_.greeting};
}

Session::Answer Session::ehlo(std::string_view arg) {
  if (auto refusal = greet(arg)) return refusal;
  std::vector<std::string> keywords{"PIPELINING", "8BITMIME"};
  for (const auto& feature : world_.features) feature->ehlo(keywords);
  std::string text = settings_.greeting;
  for (const std::string& keyword : keywords) text += "\n" + keyword;
  return Reply{250, text};
}

Session::Answer Session::mail(std::string_view arg) {
  auto sender = address(arg);
  if (!sender) return Reply{555, "syntax error (#5.5.4)"};
  message_.reset();
  if (auto refusal = check_parameters(Request::mail, arg)) return refusal;
  if (auto refusal =
          ask_all(world_.features, [&](Feature& feature) { return feature.mail(envelope(), *sender); }))
    return refusal;
  message_ = Message{.sender = std::move(*sender)};
  return Reply{250, "ok"};
}

Session::Answer Session::rcpt(std::string_view arg) {
  if (!message_) return Reply{503, "MAIL first (#5.5.1)"};
  const auto recipient = address(arg);
  if (!recipient) return Reply{555, "syntax error (#5.5.4)"};
  // Stock accepts the MAIL itself and refuses here, where every client looks.
  if (is_bad_sender()) return Reply{553, "sorry, your envelope sender is in my badmailfrom list (#5.7.1)"};
  if (!facts_.terms.relay_suffix && !(settings_.rcpt_hosts && settings_.rcpt_hosts->allows(*recipient)))
    return Reply{553, "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"};
  if (auto refusal = check_parameters(Request::rcpt, arg)) return refusal;
  if (auto refusal = ask_all(world_.features,
                             [&](Feature& feature) { return feature.rcpt(envelope(), *recipient, *this); }))
    return refusal;
  if (message_->recipients.size() > most_recipient_bytes) return Reply{452, "too many recipients (#4.5.3)"};
  message_->recipients.append(*recipient).append(facts_.terms.relay_suffix.value_or("")).push_back('\0');
  ++message_->count;
  return Reply{250, "ok"};
}

Verdict Session::check_parameters(Request request, std::string_view arg) {
  if (world_.features.empty()) return no_opinion;
  const std::vector<Parameter> parameters = parameters_in(arg);
  return ask_all(world_.features, [&](Feature& feature) { return feature.parameters(request, parameters); });
}

Session::Answer Session::data(std::string_view) {
  if (!message_) return Reply{503, "MAIL first (#5.5.1)"};
  if (message_->count == 0) return Reply{503, "RCPT first (#5.5.1)"};
  if (auto refusal = ask_all(world_.features, [&](Feature& feature) { return feature.data(envelope()); }))
    return refusal;
  const Message message = std::move(*std::exchange(message_, std::nullopt));
  return receive(message);
}

Session::Answer Session::receive(const Message& message) {
  auto opened = queue::Client::try_open(world_.home, facts_.environment);
  if (!opened) return Reply{451, "qqt failure (#4.3.0)"};
  queue::Client& queue = *opened;
  connection_->say({354, "go ahead"});
  queue.put(received_field(Trace::from(facts_.environment), helo_, facts_.protocol(), world_.clock.now()));
  MessageStream stream(world_.features, queue);
  HopCounter hops;
  std::uint64_t bytes = 0;
  const Body body = receive_body(stream, hops, bytes);
  if (body != Body::whole) exit_code_ = ended_otherwise;
  if (body == Body::stray_newline) return Reply{451, "See https://cr.yp.to/docs/smtplf.html."};
  if (body == Body::lost) return std::nullopt;
  const bool is_refused = hops.is_looping() || is_too_large(bytes);
  const Verdict refusal = is_refused ? no_opinion : stream.finish();
  if (is_refused || refusal) queue.fail();
  queue.from(message.sender);
  for (std::string_view rest = message.recipients; !rest.empty();) {
    const std::string_view recipient = rest.substr(0, rest.find('\0'));
    queue.to(recipient);
    rest.remove_prefix(recipient.size() + 1);
  }
  const std::string trouble = queue.close();
  if (trouble.empty())
    return Reply{250, "ok " + std::to_string(world_.clock.now()) + " qp " + std::to_string(queue.qp())};
  if (hops.is_looping()) return Reply{554, "too many hops, this message is looping (#5.4.6)"};
  if (is_too_large(bytes)) return Reply{552, "sorry, that message size exceeds my databytes limit (#5.3.4)"};
  if (refusal) return refusal;
  return Reply{trouble.front() == 'D' ? 554 : 451,
               std::string(trim_end(std::string_view(trouble).substr(1)))};
}

bool Session::is_too_large(std::uint64_t bytes) const {
  return facts_.terms.longest_message != 0 && bytes > facts_.terms.longest_message;
}

Session::Body Session::receive_body(MessageStream& stream, HopCounter& hops, std::uint64_t& bytes) {
  DataDecoder decoder;
  const auto put = [&](std::string_view run) {
    bytes += run.size();
    // What is too large is only counted.
    if (!is_too_large(bytes)) stream.put(run);
  };
  for (;;) {
    const std::string_view raw = connection_->bytes();
    if (raw.empty()) return Body::lost;
    std::string_view rest = raw;
    const auto outcome = decoder.decode(rest, put);
    const std::size_t used = raw.size() - rest.size();
    hops.see(raw.substr(0, used));
    connection_->take(used);
    if (outcome == DataDecoder::Outcome::done) return Body::whole;
    if (outcome == DataDecoder::Outcome::stray_newline) return Body::stray_newline;
  }
}

Session::Answer Session::rset(std::string_view) {
  message_.reset();
  return Reply{250, "flushed"};
}

Session::Answer Session::help(std::string_view) {
  return Reply{214, "notqmail home page: https://notqmail.org"};
}
Session::Answer Session::noop(std::string_view) { return Reply{250, "ok"}; }
Session::Answer Session::vrfy(std::string_view) { return Reply{252, "send some mail, i'll try my best"}; }

Session::Answer Session::quit(std::string_view) {
  exit_code_ = ended_by_quit;
  return Reply{221, settings_.greeting};
}

/// The address in `arg`, ready for the envelope; none if it is too long.
std::optional<std::string> Session::address(std::string_view arg) {
  std::string found = address_in(arg);
  if (settings_.literal_host)
    found = replace_own_literal(std::move(found), *settings_.literal_host,
                                [&](const Ip& ip) { return is_ours(ip); });
  return found.size() <= longest_address ? std::optional(std::move(found)) : std::nullopt;
}

bool Session::is_ours(const Ip& ip) {
  if (own_addresses_.empty()) own_addresses_ = dns::own_addresses();
  return std::find(own_addresses_.begin(), own_addresses_.end(), ip) != own_addresses_.end();
}

bool Session::is_bad_sender() const {
  const std::string_view sender = message_->sender;
  if (settings_.bad_senders.contains(sender)) return true;
  const std::size_t at = sender.rfind('@');
  return at != std::string_view::npos && settings_.bad_senders.contains(sender.substr(at));
}

Envelope Session::envelope() const {
  return message_ ? Envelope{message_->sender, message_->count} : Envelope{};
}

}  // namespace qmail::smtpd
