// Where qmail-queue gets a message from.
#pragma once
#include <string_view>

#include "core/base/io.h"

namespace qmail::queue {

/// Pieces of any size, valid until the next call; the whole message before its envelope. Both calls throw a
/// refusal: read_error.
class Source {
 public:
  virtual ~Source() = default;
  /// Empty at the end of the message.
  virtual std::string_view message() = 0;
  /// Empty if there will be no more. What follows the envelope may come with it.
  virtual std::string_view envelope() = 0;
};

/// The two descriptors that qmail-queue(8) reads.
class DescriptorSource final : public Source {
 public:
  DescriptorSource(int message, int envelope) : message_(message), envelope_(envelope) {}
  std::string_view message() override;
  std::string_view envelope() override;

 private:
  Reader message_, envelope_;
};

}  // namespace qmail::queue
