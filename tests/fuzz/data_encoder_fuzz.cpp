// fuzzes: qmail_smtp
#include <cstdint>
#include <cstdlib>

#include "core/smtp/data_decoder.h"
#include "core/smtp/data_encoder.h"

/// No message holds anything that a server could take for its end, and however it is cut, the same is sent.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  qmail::smtpc::DataEncoder whole, cut;
  std::string sent, sent_cut;
  whole.encode(text, sent);
  for (const char& byte : text) cut.encode(std::string_view(&byte, 1), sent_cut);
  const bool ended = whole.finish(sent);
  if (cut.finish(sent_cut) != ended || sent != sent_cut) std::abort();
  for (std::size_t i = 0; i < sent.size(); ++i) {
    if (sent[i] == '\r' && (i + 1 == sent.size() || sent[i + 1] != '\n')) std::abort();
    if (sent[i] == '\n' && (i == 0 || sent[i - 1] != '\r')) std::abort();
  }
  qmail::smtpd::DataDecoder decoder;
  std::string_view in = sent;
  const auto outcome = decoder.decode(in, [](std::string_view) {});
  const auto expected =
      ended ? qmail::smtpd::DataDecoder::Outcome::done : qmail::smtpd::DataDecoder::Outcome::more;
  if (outcome != expected || !in.empty()) std::abort();
  return 0;
}
