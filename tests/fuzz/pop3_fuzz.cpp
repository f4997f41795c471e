// fuzzes: qmail_pop3 qmail-pop3d.code
#include <cstdint>
#include <cstdlib>

#include "core/base/program.h"
#include "core/pop3/request.h"
#include "core/programs/qmail-pop3d/maildrop.h"
#include "core/programs/qmail-pop3d/message_encoder.h"

const qmail::ProgramText qmail::program_text{"qmail-pop3d", "", "", ""};

namespace {

std::string encode(std::string_view message, std::optional<std::uint64_t> lines, std::size_t cut) {
  qmail::pop3d::MessageEncoder encoder(lines);
  std::string out;
  for (std::size_t at = 0; at < message.size() && encoder.put(message.substr(at, cut), out); at += cut)
    continue;
  encoder.finish(out);
  return out;
}

}  // namespace

/// However a message is cut, the client sees the same, its end once, and no newline alone; a file name is one
/// word of printable characters; a request is part of its line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  for (const std::optional<std::uint64_t> lines : {std::optional<std::uint64_t>(), {0}, {3}}) {
    const std::string whole = encode(input, lines, size + 1);
    const bool ends_once = whole.find("\r\n.\r\n") == whole.size() - 5 && !whole.starts_with(".\r\n");
    if (whole != encode(input, lines, 3) || !ends_once) std::abort();
    for (std::size_t at = 0; (at = whole.find('\n', at)) != std::string::npos; ++at)
      if (at == 0 || whole[at - 1] != '\r') std::abort();
  }
  const std::string id = qmail::pop3d::unique_id("new/" + std::string(input));
  if (id.empty()) std::abort();
  for (const char c : id)
    if (c <= ' ' || c > '~') std::abort();
  const auto request = qmail::pop3::parse_request(input);
  if (request.verb.size() + request.arg.size() > size || request.arg.starts_with(' ')) std::abort();
  return 0;
}
