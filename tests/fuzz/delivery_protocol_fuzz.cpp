// fuzzes: qmail_queue
// What a spawner and qmail-send take from each other's pipes, in pieces of any size.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "core/queue/delivery_protocol.h"

namespace {

template <typename ReaderType>
void read_in_pieces(std::string_view bytes, std::size_t piece) {
  ReaderType whole, pieces;
  std::size_t in_whole = 0, in_pieces = 0;
  for (std::string_view in = bytes; whole.take(in);) ++in_whole;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    std::string_view in = bytes.substr(0, piece);
    while (pieces.take(in)) ++in_pieces;
  }
  if (in_whole != in_pieces) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  read_in_pieces<qmail::queue::RequestReader>(bytes, std::size_t{data[0]} + 1);
  read_in_pieces<qmail::queue::ReportReader>(bytes, std::size_t{data[0]} + 1);
  return 0;
}
