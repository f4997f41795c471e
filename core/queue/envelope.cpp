#include "core/queue/envelope.h"

namespace qmail::queue {

std::string_view EnvelopeScan::take(std::string_view piece) {
  std::size_t used = 0;
  while (used < piece.size() && status_ == Status::unfinished) {
    if (in_address_) {
      used += take_address(piece.substr(used));
      continue;
    }
    take_tag(piece[used]);
    if (status_ == Status::unfinished) ++used;
  }
  return piece.substr(0, used);
}

void EnvelopeScan::take_tag(char tag) {
  if (seen_sender_ && tag == '\0') {
    status_ = Status::complete;
    return;
  }
  if (tag != (seen_sender_ ? 'T' : 'F')) {
    status_ = Status::malformed;
    return;
  }
  if (seen_sender_) ++recipients_;
  seen_sender_ = true;
  in_address_ = true;
  address_length_ = 0;
}

std::size_t EnvelopeScan::take_address(std::string_view rest) {
  const std::size_t end = rest.find('\0');
  const bool ended = end != std::string_view::npos;
  address_length_ += ended ? end : rest.size();
  if (address_length_ > longest_address) status_ = Status::address_too_long;
  in_address_ = !ended;
  return ended ? end + 1 : rest.size();
}

}  // namespace qmail::queue
