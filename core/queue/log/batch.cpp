#include "core/queue/log/batch.h"

#include <algorithm>
#include <cerrno>
#include <limits.h>

#include "core/base/sys.h"

namespace qmail::queue_log {
namespace {

/// How much of the front of `vectors` the system has written: drops it. The rest may begin inside a vector.
std::span<iovec> without_front(std::span<iovec> vectors, std::size_t written) {
  while (!vectors.empty() && written >= vectors.front().iov_len) {
    written -= vectors.front().iov_len;
    vectors = vectors.subspan(1);
  }
  if (!vectors.empty() && written > 0) {
    vectors.front().iov_base = static_cast<char*>(vectors.front().iov_base) + written;
    vectors.front().iov_len -= written;
  }
  return vectors;
}

bool write_vectors(int file, std::span<iovec> vectors, std::size_t at) {
  while (!vectors.empty()) {
    const auto count = static_cast<int>(std::min<std::size_t>(vectors.size(), IOV_MAX));
    const ssize_t written = sys::pwritev(file, vectors.data(), count, static_cast<off_t>(at));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    at += static_cast<std::size_t>(written);
    vectors = without_front(vectors, static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

void Batch::start(std::size_t at) {
  at_ = at;
  bytes_ = 0;
  own_.clear();
  pieces_.clear();
}

void Batch::add(const RecordHeader& header, std::span<const std::string_view> payload) {
  std::size_t from = own_.size();
  append_header(own_, header, payload);
  take_own(from);
  for (const std::string_view piece : payload)
    if (!piece.empty()) pieces_.push_back({piece.data(), 0, piece.size()});
  from = own_.size();
  append_tail(own_, header);
  take_own(from);
  bytes_ += sectors_of(header.payload_bytes) * sector_bytes;
}

void Batch::add_copy(const RecordHeader& header, std::string_view payload) {
  const std::size_t from = own_.size();
  append_header(own_, header, {&payload, 1});
  own_ += payload;
  append_tail(own_, header);
  take_own(from);
  bytes_ += sectors_of(header.payload_bytes) * sector_bytes;
}

/// What was just appended to own_; one piece with what stands before it, if that is own too.
void Batch::take_own(std::size_t from) {
  if (!pieces_.empty() && pieces_.back().bytes == nullptr)
    pieces_.back().size += own_.size() - from;
  else
    pieces_.push_back({nullptr, from, own_.size() - from});
}

bool Batch::write(int file) {
  const std::size_t from = own_.size();
  own_.append(round_up(bytes_, page_bytes) - bytes_, '\0');
  take_own(from);
  vectors_.clear();
  // The system only reads what it is shown.
  for (const Piece& piece : pieces_)
    vectors_.push_back(
        {piece.bytes != nullptr ? const_cast<char*>(piece.bytes) : own_.data() + piece.at, piece.size});
  if (!write_vectors(file, vectors_, at_)) return false;
  start(round_up(end(), page_bytes));
  return true;
}

}  // namespace qmail::queue_log
