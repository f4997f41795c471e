#include "core/queue/bounce_note.h"

#include <algorithm>

namespace qmail::queue {

std::string bounce_note(std::string_view recipient, std::string_view report) {
  std::string note = "<";
  note.append(recipient);
  std::replace(note.begin(), note.end(), '\n', '_');
  note.append(">:\n").append(report);
  if (!report.empty() && report.back() != '\n') note += '\n';
  for (std::size_t at = note.size() - 2; at > 0; --at)
    if (note[at] == '\n' && note[at - 1] == '\n') note[at] = '/';
  return note + '\n';
}

}  // namespace qmail::queue
