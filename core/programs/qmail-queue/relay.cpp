#include "core/programs/qmail-queue/relay.h"

#include <unistd.h>

#include "core/programs/qmail-queue/endings.h"
#include "core/queue/envelope.h"
#include "core/queue/submission.h"
#include "core/users/ids.h"

namespace qmail::queue {
namespace {

void send_message(Source& source, Submission& to) {
  for (std::string_view piece = source.message(); !piece.empty(); piece = source.message())
    if (!to.put_message(piece)) return;
  to.end_message();
}

void send_envelope(Source& source, Submission& to) {
  EnvelopeScan envelope;
  while (envelope.status() == EnvelopeScan::Status::unfinished) {
    const std::string_view piece = source.envelope();
    if (piece.empty()) throw refusal(Code::read_error, "read envelope");
    envelope.take(piece);
    if (!to.put_envelope(piece)) return;
  }
}

}  // namespace

std::optional<int> relay_message(Source& source, const std::string& home) {
  const auto opened = Directory::try_open(home);
  const auto ids = opened ? users::try_read_ids(*opened) : std::nullopt;
  if (!ids || ::geteuid() == ids->qmailq.uid) return std::nullopt;
  auto submission = Submission::connect(*opened);
  if (!submission) return std::nullopt;
  // If the connection is lost meanwhile, the answer says so.
  send_message(source, *submission);
  send_envelope(source, *submission);
  return submission->answer().code;
}

}  // namespace qmail::queue
