#include "core/programs/qmail-qread/qmail_qread.h"

#include <algorithm>
#include <cstring>
#include <sys/stat.h>
#include <unordered_set>
#include <vector>

#include "core/base/error_text.h"
#include "core/format/datetime.h"
#include "core/queue/log/scan.h"

namespace qmail::queue {
namespace {

std::string printable(std::string_view bytes) {
  std::string text(bytes);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '_');
  return text;
}

Fd open_part(const Layout& queue, Part part, Number number) {
  return queue.directory().try_file(name_of(part, number));
}

void warn(Writer& out, Number number, int error) {
  out.put("warning: trouble with #").put(std::to_string(number)).put(": ").put(error_text(error)).put("\n");
}

/// A record of the queue's files, without its tag; empty if there is no record.
std::string_view untagged(std::string_view record) {
  return record.substr(std::min<std::size_t>(1, record.size()));
}

/// "21 Nov 2026 09:05:07 GMT".
std::string gmt_date(std::int64_t seconds) {
  constexpr std::string_view zone = " -0000";
  const std::string date = rfc5322_date(seconds);
  return date.substr(0, date.size() - zone.size()) + " GMT";
}

void put_message(Writer& out, Number number, std::int64_t birth, std::uint64_t size, std::string_view sender,
                 bool bouncing) {
  out.put(gmt_date(birth)).put("  #").put(std::to_string(number)).put("  ").put(std::to_string(size));
  out.put("  <").put(printable(sender)).put("> ").put(bouncing ? " bouncing\n" : "\n");
}

void put_recipient(Writer& out, std::string_view channel, std::string_view address, bool done) {
  out.put(done ? "  done\t" : "\t").put(channel).put("\t").put(printable(address)).put("\n");
}

/// False, with errno set, if one of the message's files cannot be read.
bool list_message(const Layout& queue, Number number, Writer& out) {
  struct stat mess {};
  if (::fstatat(queue.fd(), name_of(Part::mess, number).c_str(), &mess, 0) < 0) return false;
  struct stat bounce {};
  const bool bouncing = ::fstatat(queue.fd(), name_of(Part::bounce, number).c_str(), &bounce, 0) == 0;
  const Fd info = open_part(queue, Part::info, number);
  struct stat born {};
  if (!info || ::fstat(info.get(), &born) < 0) return false;
  std::string sender;
  Reader(info.get()).line(sender, static_cast<std::size_t>(-1), '\0');
  put_message(out, number, born.st_mtim.tv_sec, static_cast<std::uint64_t>(mess.st_size), untagged(sender),
              bouncing);
  return true;
}

/// Recipients of one channel: none is as good as no file.
bool list_recipients(const Layout& queue, Part channel, Number number, Writer& out) {
  const Fd file = open_part(queue, channel, number);
  if (!file) return errno == ENOENT;
  Reader in(file.get());
  std::string record;
  while (in.line(record, static_cast<std::size_t>(-1), '\0')) {
    const bool done = record.starts_with('D');
    if (!done && !record.starts_with('T')) continue;
    put_recipient(out, folder_of(channel), untagged(record), done);
  }
  return true;
}

/// What the messages of these numbers look like is the layout's to say: they have left the log.
std::unordered_set<Number> list_layout(const Layout& queue, Writer& out) {
  std::unordered_set<Number> listed;
  for (const std::string& folder : folders_of(Part::info))
    for (const Number number : queue.numbers_in(folder)) {
      listed.insert(number);
      if (!list_message(queue, number, out)) {
        warn(out, number, errno);
        continue;
      }
      for (const Part channel : {Part::local, Part::remote})
        if (!list_recipients(queue, channel, number, out)) warn(out, number, errno);
    }
  return listed;
}

/// The records of an envelope with this tag, without it.
std::vector<std::string_view> addresses(std::string_view envelope, char tag) {
  std::vector<std::string_view> found;
  for (std::size_t end; (end = envelope.find('\0')) != std::string_view::npos;
       envelope.remove_prefix(end + 1))
    if (envelope.starts_with(tag)) found.push_back(envelope.substr(1, end - 1));
  return found;
}

/// As it would look in the layout: each channel's recipients in order, under the addresses they are sent to.
void list_logged(const queue_log::LiveMessage& message, const Routing& routing, Writer& out) {
  const auto senders = addresses(message.envelope, 'F');
  const auto recipients = addresses(message.envelope, 'T');
  std::unordered_set<std::size_t> done;
  bool bouncing = false;
  for (const queue_log::Outcome& outcome : message.outcomes) {
    done.insert(outcome.index);
    bouncing = bouncing || outcome.kind == 'D';
  }
  put_message(out, message.place.id, message.origin.birth, message.place.body_bytes,
              senders.empty() ? std::string_view() : senders.front(), bouncing);
  for (const Channel channel : every_channel)
    for (std::size_t i = 0; i < recipients.size(); ++i) {
      const Route route = routing.route(recipients[i]);
      if (route.channel == channel) put_recipient(out, name_of(channel), route.address, done.contains(i));
    }
}

}  // namespace

void list_queue(const Layout& queue, const std::function<Routing()>& read_routing, Writer& out) {
  // The log first: what moves into the layout meanwhile is then seen in one of them at least.
  const auto logged = queue_log::live_messages(queue);
  const auto listed = list_layout(queue, out);
  if (logged.empty()) return;
  const Routing routing = read_routing();
  for (const queue_log::LiveMessage& message : logged)
    if (!listed.contains(message.place.id)) list_logged(message, routing, out);
}

}  // namespace qmail::queue
