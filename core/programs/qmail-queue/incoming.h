// One submission as it arrives at the resident qmail-queue, kept in memory. core/queue/submission.h.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "core/queue/envelope.h"
#include "core/queue/submission.h"

namespace qmail::queue {

class Incoming {
 public:
  enum class Status { unfinished, complete, refused, too_large };

  /// Takes the next piece, of any size, whatever the status.
  void take(std::string_view piece);
  /// too_large: more than the log takes. It may be complete all the same.
  Status status() const;
  /// What it holds in memory.
  std::size_t bytes() const { return message_.size() + envelope_.size(); }

  std::string_view message() const { return message_; }
  /// As it is kept, without the last zero byte. When complete.
  std::string_view envelope() const { return std::string_view(envelope_).substr(0, kept_); }
  EnvelopeScan::Status envelope_status() const { return envelope_scan_.status(); }

  /// As it came, as far as it came.
  std::string_view raw_envelope() const { return envelope_; }
  /// To go on where this stopped.
  const SubmissionScan& scan() const { return scan_; }

 private:
  SubmissionScan scan_;
  EnvelopeScan envelope_scan_;
  std::string message_, envelope_;
  std::size_t kept_ = 0;
};

}  // namespace qmail::queue
