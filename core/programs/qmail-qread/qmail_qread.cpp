#include "core/programs/qmail-qread/qmail_qread.h"

#include <algorithm>
#include <cstring>
#include <sys/stat.h>

#include "core/base/error_text.h"
#include "core/format/datetime.h"

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
  out.put(gmt_date(born.st_mtim.tv_sec)).put("  #").put(std::to_string(number)).put("  ");
  out.put(std::to_string(mess.st_size)).put("  <").put(printable(untagged(sender))).put("> ");
  out.put(bouncing ? " bouncing\n" : "\n");
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
    out.put(done ? "  done\t" : "\t").put(folder_of(channel)).put("\t");
    out.put(printable(untagged(record))).put("\n");
  }
  return true;
}

}  // namespace

void list_queue(const Layout& queue, Writer& out) {
  for (const std::string& folder : folders_of(Part::info))
    for (const Number number : queue.numbers_in(folder)) {
      if (!list_message(queue, number, out)) {
        warn(out, number, errno);
        continue;
      }
      for (const Part channel : {Part::local, Part::remote})
        if (!list_recipients(queue, channel, number, out)) warn(out, number, errno);
    }
}

}  // namespace qmail::queue
