#include "core/programs/qmail-queue/qmail_queue.h"

#include "core/base/io.h"
#include "core/format/datetime.h"
#include "core/programs/qmail-queue/endings.h"
#include "core/programs/qmail-queue/new_message.h"
#include "core/queue/envelope.h"
#include "core/queue/trigger.h"

namespace qmail::queue {
namespace {

std::string invoked(uid_t invoker, const users::Ids& ids) {
  if (invoker == ids.alias.uid) return "by alias";
  if (invoker == ids.qmaild.uid) return "from network";
  if (invoker == ids.qmails.uid) return "for bounce";
  return "by uid " + std::to_string(invoker);
}

Directory open_home(const std::string& path) {
  auto home = Directory::try_open(path);
  if (!home) throw refusal(Code::home, "open home");
  return std::move(*home);
}

users::Ids read_ids(const Directory& home) {
  const auto ids = users::try_read_ids(home);
  if (!ids) throw refusal(Code::home, "read users/ids");
  return *ids;
}

Layout open_queue(const Directory& home) {
  auto queue = home.try_sub("queue");
  if (!queue) throw refusal(Code::queue, "open queue");
  return Layout(std::move(*queue));
}

void copy_message(int from, OutFile& to) {
  Reader in(from);
  for (std::string_view piece = in.peek(); !piece.empty(); piece = in.peek()) {
    to.put(piece);
    in.take(piece.size());
  }
  if (in.stopped() != Stop::end) throw refusal(Code::read_error, "read message");
}

void copy_envelope(int from, OutFile& to) {
  using Status = EnvelopeScan::Status;
  Reader in(from);
  EnvelopeScan envelope;
  while (envelope.status() == Status::unfinished) {
    const std::string_view piece = in.peek();
    if (piece.empty()) throw refusal(Code::read_error, "read envelope");
    to.put(envelope.take(piece));
    in.take(piece.size());
  }
  if (envelope.status() == Status::malformed) throw refusal(Code::bad_envelope, "malformed envelope");
  if (envelope.status() == Status::address_too_long) throw refusal(Code::address_too_long, "long address");
}

/// A record of the envelope's own: tag, number, NUL.
std::string record(char tag, std::uint64_t number) { return tag + std::to_string(number) + '\0'; }

}  // namespace

std::string received_line(pid_t pid, uid_t invoker, const users::Ids& ids, std::int64_t now) {
  return "Received: (qmail " + std::to_string(pid) + " invoked " + invoked(invoker, ids) + "); " +
         rfc5322_date(now) + "\n";
}

void queue_message(const Submission& submission) {
  const Directory home = open_home(submission.home);
  const Layout queue = open_queue(home);
  const std::int64_t start = submission.clock.now();
  const std::string received = received_line(submission.pid, submission.invoker, read_ids(home), start);

  NewMessage message(queue, submission.pid, start);
  message.message().put(received);
  copy_message(submission.message, message.message());
  OutFile& envelope = message.start_envelope();
  envelope.put(record('u', submission.invoker));
  envelope.put(record('p', static_cast<std::uint64_t>(submission.pid)));
  copy_envelope(submission.envelope, envelope);
  message.accept();
  pull_trigger(queue);
}

}  // namespace qmail::queue
