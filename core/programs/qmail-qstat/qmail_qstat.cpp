#include "core/programs/qmail-qstat/qmail_qstat.h"

#include <unordered_set>

#include "core/queue/log/scan.h"

namespace qmail::queue {
namespace {

std::unordered_set<Number> numbers(const Layout& queue, Part part) {
  std::unordered_set<Number> found;
  for (const std::string& folder : folders_of(part))
    for (const Number number : queue.numbers_in(folder)) found.insert(number);
  return found;
}

}  // namespace

std::string count_messages(const Layout& queue) {
  // The log first: what moves into the layout meanwhile is then seen in one of them at least.
  const auto logged = queue_log::live_messages(queue);
  std::unordered_set<Number> messages = numbers(queue, Part::mess);
  for (const queue_log::LiveMessage& message : logged) messages.insert(message.place.id);
  return "messages in queue: " + std::to_string(messages.size()) +
         "\nmessages in queue but not yet preprocessed: " +
         std::to_string(numbers(queue, Part::todo).size()) + "\n";
}

}  // namespace qmail::queue
