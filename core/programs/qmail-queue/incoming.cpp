#include "core/programs/qmail-queue/incoming.h"

#include "core/queue/link.h"

namespace qmail::queue {

void Incoming::take(std::string_view piece) {
  for (auto run = scan_.take(piece); !run.empty(); run = scan_.take(piece)) message_ += run;
  if (!scan_.at_envelope() || envelope_scan_.status() != EnvelopeScan::Status::unfinished) return;
  envelope_ += piece;
  kept_ += envelope_scan_.take(piece).size();
}

Incoming::Status Incoming::status() const {
  if (message_.size() > most_logged_bytes || envelope_.size() > link::longest_envelope ||
      envelope_scan_.recipients() > most_logged_recipients)
    return Status::too_large;
  switch (envelope_scan_.status()) {
    case EnvelopeScan::Status::unfinished: return Status::unfinished;
    case EnvelopeScan::Status::complete: return Status::complete;
    default: return Status::refused;
  }
}

}  // namespace qmail::queue
