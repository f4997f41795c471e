// fuzzes: qmail_smtp qmail-qmqpc.code
#include <cstdint>
#include <cstdlib>

#include "core/base/failure.h"
#include "core/base/fd.h"
#include "core/format/line_ends.h"
#include "core/format/netstring.h"
#include "core/programs/qmail-qmqpc/qmail_qmqpc.h"
#include "core/smtp/netstring_input.h"

namespace {

/// A netstring of netstrings, then whatever comes.
void read(std::string_view text) {
  qmail::Pipe pipe = qmail::Pipe::make();
  if (::write(pipe.write.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) std::abort();
  pipe.write.close();
  qmail::NetstringInput in(pipe.read.get());
  std::uint64_t taken = 0;
  const std::uint64_t whole = in.length();
  in.enter(whole);
  while (in.has_left()) {
    const std::uint64_t size = in.length();
    const auto address = in.address(size);
    if (address && address->size() != size) std::abort();
    taken += size + 1;
  }
  if (taken > whole) std::abort();
  in.leave();
  in.comma();
  in.pass(in.length(), [](std::string_view piece) {
    if (piece.empty()) std::abort();
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), std::min(size, std::size_t{60000}));
  try {
    read(text);
  } catch (const qmail::Failure&) {  // a refusal, or the end
  }
  try {
    std::string envelope = qmail::qmqp_envelope(text);
    std::string_view left = envelope;
    while (!left.empty())
      if (!qmail::take_netstring(left, left.size())) std::abort();
  } catch (const qmail::Failure&) {
  }
  qmail::CrRemover whole, parts;
  const std::string once = whole.remove(text) + whole.rest();
  std::string bit_by_bit;
  for (std::size_t at = 0; at < text.size(); at += 3) bit_by_bit += parts.remove(text.substr(at, 3));
  if (once != bit_by_bit + parts.rest()) std::abort();
  return 0;
}
