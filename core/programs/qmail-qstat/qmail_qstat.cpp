#include "core/programs/qmail-qstat/qmail_qstat.h"

namespace qmail::queue {
namespace {

std::string count(const Layout& queue, Part part) {
  std::size_t found = 0;
  for (const std::string& folder : folders_of(part)) found += queue.numbers_in(folder).size();
  return std::to_string(found);
}

}  // namespace

std::string count_messages(const Layout& queue) {
  return "messages in queue: " + count(queue, Part::mess) +
         "\nmessages in queue but not yet preprocessed: " + count(queue, Part::todo) + "\n";
}

}  // namespace qmail::queue
