// The envelope that qmail-queue reads: F<sender> NUL, then T<recipient> NUL for each recipient, then NUL.
// envelopes(5). The queue keeps it without the last NUL; docs/internals/queue.md.
#pragma once
#include <cstddef>
#include <string_view>

namespace qmail::queue {

/// In bytes, without its tag and its NUL.
inline constexpr std::size_t longest_address = 1002;

/// Follows an envelope that arrives in pieces of any size.
class EnvelopeScan {
 public:
  enum class Status { unfinished, complete, malformed, address_too_long };

  /// Takes one more piece and returns the front of it that the queue keeps. Only while unfinished; what
  /// follows the end of the envelope is ignored.
  std::string_view take(std::string_view piece);
  Status status() const { return status_; }
  std::size_t recipients() const { return recipients_; }  ///< those begun

 private:
  void take_tag(char tag);
  std::size_t take_address(std::string_view rest);

  Status status_ = Status::unfinished;
  bool seen_sender_ = false;
  bool in_address_ = false;
  std::size_t address_length_ = 0;
  std::size_t recipients_ = 0;
};

}  // namespace qmail::queue
