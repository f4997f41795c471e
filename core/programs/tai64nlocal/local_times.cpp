#include "core/programs/tai64nlocal/local_times.h"

#include <array>
#include <time.h>

#include "core/base/failure.h"
#include "core/base/io.h"
#include "core/base/text.h"
#include "core/format/tai64n.h"

namespace qmail {
namespace {

/// "1999-08-23 21:03:43.787492500"; `label` itself if it is none.
std::string local_time(std::string_view label) {
  constexpr std::size_t nanosecond_digits = 9;
  std::string_view rest = label;
  const auto found = take_tai64n(rest);
  const time_t seconds = found ? found->seconds : 0;
  tm parts{};
  if (!found || ::localtime_r(&seconds, &parts) == nullptr) return std::string(label);
  std::array<char, 64> text{};
  const std::size_t size = ::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S.", &parts);
  return std::string(text.data(), size) +
         zero_padded(static_cast<std::uint64_t>(found->nanoseconds), nanosecond_digits);
}

}  // namespace

void write_local_times(int in, int out) {
  Reader reader(in);
  Writer writer(out);
  std::string label;  ///< as much as has come of one
  bool is_in_label = true;
  while (const auto byte = reader.get()) {
    if (is_in_label) {
      label += *byte;
      is_in_label = label.front() == '@' && *byte != '\n' && label.size() < tai64n_size;
      if (!is_in_label) {
        writer.put(label.size() < tai64n_size ? label : local_time(label));
        label.clear();
      }
    } else {
      writer.put(*byte);
    }
    if (*byte == '\n') is_in_label = true;
    if (!reader.has_buffered()) writer.flush_or_throw("standard output");
  }
  writer.put(label).flush_or_throw("standard output");
  if (reader.stopped() == Stop::failed) throw Failure::system("read standard input", reader.error());
}

}  // namespace qmail
