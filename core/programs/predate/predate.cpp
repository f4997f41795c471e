#include "core/programs/predate/predate.h"

#include <cstdlib>
#include <time.h>

#include "core/base/failure.h"
#include "core/base/fd.h"
#include "core/base/io.h"
#include "core/base/spawn.h"
#include "core/base/text.h"
#include "core/format/datetime.h"

namespace qmail {
namespace {

/// How far local time is ahead of UTC.
std::int64_t offset_seconds(std::int64_t now) {
  const time_t moment = now;
  tm local{};
  return ::localtime_r(&moment, &local) != nullptr ? local.tm_gmtoff : 0;
}

/// "+0100"; half minutes count up.
std::string offset_text(std::int64_t seconds) {
  const auto minutes = static_cast<std::uint64_t>((std::abs(seconds) + 30) / 60);
  return (seconds < 0 ? "-" : "+") + zero_padded(minutes / 60, 2) + zero_padded(minutes % 60, 2);
}

void copy(int in, Writer& out) {
  Reader reader(in);
  for (std::string_view bytes = reader.peek(); !bytes.empty(); bytes = reader.peek()) {
    out.put(bytes);
    reader.take(bytes.size());
  }
  // The child answers for what it did not read.
  static_cast<void>(out.flush());
}

}  // namespace

std::string local_date_field(std::int64_t now) {
  const std::int64_t offset = offset_seconds(now);
  const std::string in_utc = rfc5322_date(now + offset);
  return "Date: " + in_utc.substr(0, in_utc.rfind(' ') + 1) + offset_text(offset) + "\n";
}

int predate(const std::vector<std::string>& argv, std::int64_t now, int in) {
  Pipe input = Pipe::make();
  const auto child = spawn({.argv = argv, .fds = {{input.read.get(), 0}, {1, 1}, {2, 2}}});
  if (!child) throw Failure::system("run " + argv.front());
  input.read.close();
  Writer out(input.write.get());
  out.put(local_date_field(now));
  copy(in, out);
  input.write.close();
  const int status = wait_for(*child);
  if (crashed(status)) throw Failure(Exit::temporary, "child crashed");
  return exit_code(status);
}

}  // namespace qmail
