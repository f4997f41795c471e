// fuzzes: qmail_smtp
#include <cstdint>
#include <cstdlib>

#include "core/smtp/data_decoder.h"

namespace {

using Outcome = qmail::smtpd::DataDecoder::Outcome;

Outcome decode(std::string_view text, std::size_t piece, std::string& message, std::size_t& used) {
  qmail::smtpd::DataDecoder decoder;
  qmail::smtpd::HopCounter hops;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    std::string_view in = text.substr(at, piece);
    hops.see(in);
    const Outcome outcome = decoder.decode(in, [&](std::string_view run) { message.append(run); });
    used = at + piece - in.size();
    if (outcome != Outcome::more) return outcome;
  }
  return Outcome::more;
}

}  // namespace

/// However the stream is cut, the same message comes out.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  std::string whole, cut;
  std::size_t used_whole = 0, used_cut = 0;
  const Outcome outcome = decode(text, size, whole, used_whole);
  if (decode(text, 1 + bytes[0] % 7U, cut, used_cut) != outcome) std::abort();
  if (outcome != Outcome::stray_newline && whole != cut) std::abort();
  if (whole.size() > size) std::abort();
  return 0;
}
