// fuzzes: qmail_smtp
#include <cstdint>
#include <cstdlib>

#include "core/smtp/reply_parser.h"

/// Whatever a server says is a row of replies, each ended by a newline.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  qmail::smtpc::ReplyParser parser;
  for (std::size_t i = 0; i < size; ++i) {
    const bool ended = parser.add(static_cast<char>(bytes[i]));
    if (parser.reply().text.size() > qmail::smtpc::ReplyParser::longest_text) std::abort();
    if (ended && bytes[i] != '\n') std::abort();
    if (ended) parser = {};
  }
  return 0;
}
