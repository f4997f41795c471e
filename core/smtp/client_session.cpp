#include "core/smtp/client_session.h"

#include <cerrno>
#include <sys/socket.h>

#include "core/smtp/data_encoder.h"
#include "core/smtp/extensions.h"

namespace qmail::smtpc {
namespace {

constexpr std::uint64_t ok = 250;
constexpr std::uint64_t closing = 421;

}  // namespace

std::optional<ServerReply> ClientSession::read_reply() {
  if (!out_.flush()) return std::nullopt;
  ReplyParser parser;
  while (const auto byte = in_.get())
    if (parser.add(*byte)) return parser.reply();
  return std::nullopt;
}

std::optional<ServerReply> ClientSession::command(std::string_view line) {
  put(line);
  return read_reply();
}

std::optional<ServerReply> ClientSession::reply_at_hand() {
  ReplyParser parser;
  while (in_.has_buffered())
    if (parser.add(in_.get().value())) return parser.reply();
  return std::nullopt;
}

std::optional<ServerReply> ClientSession::introduce(const std::string& host) {
  auto answer = command("EHLO " + host);
  if (answer && answer->code == ok) ehlo_reply_ = answer->text;
  if (!answer || answer->code == ok || answer->code == closing) return answer;
  return command("HELO " + host);
}

std::optional<std::string_view> ClientSession::find_offer(std::string_view keyword) const {
  return find_extension(ehlo_reply_, keyword);
}

void ClientSession::go_on_over(int fd) {
  in_ = Reader(fd, timeout_seconds_);
  out_ = Writer(fd, timeout_seconds_);
  ehlo_reply_.clear();
}

ClientSession::Body ClientSession::send_body(Reader& message) {
  if (in_.has_buffered()) return Body::lost;
  DataEncoder encoder;
  std::string encoded;
  for (std::string_view piece = message.peek(); !piece.empty(); piece = message.peek()) {
    encoded.clear();
    encoder.encode(piece, encoded);
    message.take(piece.size());
    if (out_.put(encoded).stopped() != Stop::none) return Body::lost;
  }
  if (message.stopped() != Stop::end) return Body::unreadable;
  encoded.clear();
  if (!encoder.finish(encoded)) return Body::no_last_newline;
  return out_.put(encoded).flush() ? Body::sent : Body::lost_at_end;
}

bool ClientSession::is_quiet() const {
  if (in_.has_buffered() || in_.stopped() != Stop::none || out_.stopped() != Stop::none) return false;
  char byte = 0;
  return ::recv(in_.fd(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EINTR);
}

void ClientSession::quit(std::string_view last_words) const {
  const std::string bytes = std::string(last_words) + "QUIT\r\n";
  static_cast<void>(::send(in_.fd(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL));
}

}  // namespace qmail::smtpc
