#include "core/smtp/client_session.h"

#include "core/smtp/data_encoder.h"

namespace qmail::smtpc {

std::optional<ServerReply> ClientSession::read_reply() {
  ReplyParser parser;
  while (const auto byte = in_.get())
    if (parser.add(*byte)) return parser.reply();
  return std::nullopt;
}

std::optional<ServerReply> ClientSession::command(std::string_view line) {
  if (!out_.put(line).put("\r\n").flush()) return std::nullopt;
  return read_reply();
}

ClientSession::Body ClientSession::send_body(Reader& message) {
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

void ClientSession::quit() { static_cast<void>(out_.put("QUIT\r\n").flush()); }

}  // namespace qmail::smtpc
