#include "core/programs/qmail-pop3d/session.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/programs/qmail-pop3d/message_encoder.h"

namespace qmail::pop3d {

constexpr std::array<Session::Command, 11> Session::commands{{
    {"quit", &Session::quit},
    {"stat", &Session::stat},
    {"list", &Session::list},
    {"uidl", &Session::uidl},
    {"dele", &Session::dele},
    {"retr", &Session::retr},
    {"rset", &Session::rset},
    {"last", &Session::last},
    {"top", &Session::retr},
    {"noop", &Session::noop},
    {"capa", &Session::capa},
}};

void Session::run() {
  connection_.ok();
  while (!is_over_) {
    const auto request = connection_.next();
    if (!request) break;
    answer(*request);
  }
  connection_.finish();
}

void Session::answer(const pop3::Request& request) {
  for (const Command& command : commands)
    if (equal_nocase(command.verb, request.verb)) return (this->*command.run)(request.arg);
  connection_.err("unimplemented");
}

void Session::stat(std::string_view) {
  // Stock counts those that are deleted, but not their bytes.
  connection_.ok(std::to_string(maildrop_.size()) + " " + std::to_string(maildrop_.total_bytes()));
}

void Session::list(std::string_view arg) { tell_of(arg, &Session::size_column); }

void Session::uidl(std::string_view arg) { tell_of(arg, &Session::id_column); }

void Session::tell_of(std::string_view arg, Column column) {
  if (!arg.empty()) {
    if (const auto message = take_message(arg)) connection_.ok(line_of(*message, column));
    return;
  }
  connection_.ok();
  for (std::size_t i = 0; i < maildrop_.size() && connection_.is_open(); ++i)
    if (!maildrop_.is_deleted(i)) connection_.put(line_of(i, column) + "\r\n");
  connection_.put(".\r\n");
}

std::string Session::line_of(std::size_t message, Column column) const {
  return std::to_string(message + 1) + " " + (this->*column)(message);
}

std::optional<std::size_t> Session::take_message(std::string_view& arg) {
  const auto refuse = [&](std::string_view why) {
    connection_.err(why);
    return std::nullopt;
  };
  if (arg.empty() || arg.front() < '0' || arg.front() > '9') return refuse("syntax error");
  const auto number = take_number<std::size_t>(arg);
  if (number == std::size_t{0}) return refuse("messages are counted from 1");
  if (!number || *number > maildrop_.size()) return refuse("not that many messages");
  if (maildrop_.is_deleted(*number - 1)) return refuse("already deleted");
  return *number - 1;
}

void Session::retr(std::string_view arg) {
  const auto message = take_message(arg);
  if (!message) return;
  const auto file = maildrop_.open_message(*message);
  if (!file) return connection_.err("unable to open that message");
  arg.remove_prefix(std::min(arg.find_first_not_of(' '), arg.size()));
  connection_.ok();
  // As in stock, RETR and TOP are one: without a number of lines it is the whole message.
  send(*file, take_number<std::uint64_t>(arg));
}

void Session::send(const Fd& file, std::optional<std::uint64_t> body_lines) {
  MessageEncoder encoder(body_lines);
  Reader message(file.get());
  std::string encoded;
  bool is_wanted = true;
  for (std::string_view piece = message.peek(); !piece.empty() && is_wanted; piece = message.peek()) {
    encoded.clear();
    is_wanted = encoder.put(piece, encoded) && connection_.is_open();
    connection_.put(encoded);
    message.take(piece.size());
  }
  if (message.stopped() == Stop::failed || !connection_.is_open()) {
    // Without the closing dot the client knows that it does not have the whole message.
    is_over_ = true;
    return;
  }
  encoded.clear();
  encoder.finish(encoded);
  connection_.put(encoded);
}

void Session::dele(std::string_view arg) {
  const auto message = take_message(arg);
  if (!message) return;
  maildrop_.mark(*message);
  last_ = std::max(last_, *message + 1);
  connection_.ok();
}

void Session::rset(std::string_view) {
  maildrop_.unmark_all();
  last_ = 0;
  connection_.ok();
}

void Session::last(std::string_view) { connection_.ok(std::to_string(last_)); }

void Session::capa(std::string_view) { tell_capabilities(connection_, false); }

void Session::noop(std::string_view) { connection_.ok(); }

void Session::quit(std::string_view) {
  is_over_ = true;
  if (maildrop_.update())
    connection_.ok();
  else
    connection_.err("unable to unlink all deleted messages");
}

}  // namespace qmail::pop3d
