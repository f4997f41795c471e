#include "core/log/answer.h"

#include <algorithm>
#include <initializer_list>
#include <string>

#include "core/base/text.h"
#include "core/format/ip.h"

namespace qmail::log {
namespace {

constexpr std::string_view before_answer = "Remote host said: ";

/// The address that the line starts with, perhaps with one of the openings of a report in front.
std::string_view host_of(std::string_view line) {
  for (const std::string_view opening :
       {std::string_view("Connected to "), std::string_view("Giving up on ")})
    if (line.starts_with(opening)) line.remove_prefix(opening.size());
  std::string_view word = line.substr(0, line.find(' '));
  if (!Ip::parse(word) && word.ends_with('.')) word.remove_suffix(1);
  return Ip::parse(word) ? word : std::string_view();
}

}  // namespace

Answer parse_answer(std::string_view report) {
  Answer answer;
  std::string_view rest = report;
  while (!rest.empty() && !rest.starts_with(before_answer)) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    if (answer.host.empty()) answer.host = host_of(line);
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  }
  if (!rest.empty()) answer.text = rest.substr(before_answer.size());
  // Behind it is the report of the message, where it was that of a recipient, or what there is to know of the
  // connection.
  const std::size_t end =
      std::min(answer.text.find("\nGiving up on "), answer.text.find("\n" + std::string(before_connection)));
  answer.text = trim_end(answer.text.substr(0, end));
  return answer;
}

}  // namespace qmail::log
