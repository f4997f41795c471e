#include "core/programs/qmail-queue/qmail_queue.h"

#include "core/format/datetime.h"
#include "core/programs/qmail-queue/endings.h"
#include "core/programs/qmail-queue/new_message.h"
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

void copy_message(Source& from, OutFile& to) {
  for (std::string_view piece = from.message(); !piece.empty(); piece = from.message()) to.put(piece);
}

void copy_envelope(Source& from, OutFile& to) {
  EnvelopeScan envelope;
  while (envelope.status() == EnvelopeScan::Status::unfinished) {
    const std::string_view piece = from.envelope();
    if (piece.empty()) throw refusal(Code::read_error, "read envelope");
    to.put(envelope.take(piece));
  }
  if (const auto code = code_for(envelope.status())) throw refusal(*code, "bad envelope");
}

/// A record of the envelope's own: tag, number, NUL.
std::string record(char tag, std::uint64_t number) { return tag + std::to_string(number) + '\0'; }

}  // namespace

std::optional<Code> code_for(EnvelopeScan::Status status) {
  if (status == EnvelopeScan::Status::malformed) return Code::bad_envelope;
  if (status == EnvelopeScan::Status::address_too_long) return Code::address_too_long;
  return std::nullopt;
}

std::string received_line(std::uint64_t qp, uid_t invoker, const users::Ids& ids, std::int64_t now) {
  return "Received: (qmail " + std::to_string(qp) + " invoked " + invoked(invoker, ids) + "); " +
         rfc5322_date(now) + "\n";
}

void queue_message(Source& source, const Invocation& invocation) {
  const Directory home = open_home(invocation.home);
  const Layout queue = open_queue(home);
  const std::int64_t start = invocation.clock.now();
  const std::string received = received_line(invocation.qp, invocation.invoker, read_ids(home), start);

  NewMessage message(queue, invocation.pid, start);
  message.message().put(received);
  copy_message(source, message.message());
  OutFile& envelope = message.start_envelope();
  envelope.put(record('u', invocation.invoker));
  envelope.put(record('p', invocation.qp));
  copy_envelope(source, envelope);
  message.accept();
  pull_trigger(queue);
}

}  // namespace qmail::queue
