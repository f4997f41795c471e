#include "core/queue/view/text.h"

#include <algorithm>

#include "core/base/error_text.h"
#include "core/format/datetime.h"

namespace qmail::queue::view {
namespace {

/// "21 Nov 2026 09:05:07 GMT".
std::string gmt_date(std::int64_t seconds) {
  constexpr std::string_view zone = " -0000";
  const std::string date = rfc5322_date(seconds);
  return date.substr(0, date.size() - zone.size()) + " GMT";
}

}  // namespace

std::string printable(std::string_view bytes) {
  std::string text(bytes);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '_');
  return text;
}

std::string head_line(Number number, const Info& info, std::uint64_t size_bytes) {
  return gmt_date(info.birth) + "  #" + std::to_string(number) + "  " + std::to_string(size_bytes) + "  <" +
         printable(info.sender) + "> ";
}

std::string recipient_line(Channel channel, std::string_view address, bool done) {
  std::string line = done ? "  done\t" : "\t";
  return line.append(name_of(channel)).append("\t").append(printable(address)).append("\n");
}

std::string trouble_line(Number number, int error) {
  return "warning: trouble with #" + std::to_string(number) + ": " + std::string(error_text(error)) + "\n";
}

}  // namespace qmail::queue::view
