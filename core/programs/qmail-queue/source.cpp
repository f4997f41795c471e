#include "core/programs/qmail-queue/source.h"

#include "core/programs/qmail-queue/endings.h"

namespace qmail::queue {
namespace {

std::string_view take_piece(Reader& reader) {
  const std::string_view piece = reader.peek();
  reader.take(piece.size());
  return piece;
}

}  // namespace

std::string_view DescriptorSource::message() {
  const std::string_view piece = take_piece(message_);
  if (piece.empty() && message_.stopped() != Stop::end) throw refusal(Code::read_error, "read message");
  return piece;
}

std::string_view DescriptorSource::envelope() { return take_piece(envelope_); }

}  // namespace qmail::queue
