#include "core/queue/notice.h"

#include <unistd.h>

#include "core/format/address.h"
#include "core/queue/client.h"

namespace qmail::queue {

std::string notice_id(std::string_view program, std::string_view author, const Clock& clock) {
  const Moment now = clock.moment();
  return "<" + std::to_string(now.seconds) + "." + std::to_string(now.microseconds) + "." +
         std::to_string(::getpid()) + "." + std::string(program) + "@" + std::string(divide(author).host) +
         ">";
}

std::string send_notice(std::string_view message, std::span<const std::string> recipients,
                        const Directory& home, const Environment& environment) {
  Client queue(home, environment);
  queue.put(message);
  queue.from("");
  for (const std::string& recipient : recipients) queue.to(recipient);
  return queue.close();
}

}  // namespace qmail::queue
