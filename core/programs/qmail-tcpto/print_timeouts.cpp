#include "core/programs/qmail-tcpto/print_timeouts.h"

namespace qmail {

void print_timeouts(const std::vector<queue::Timeout>& timeouts, std::int64_t now, Writer& out) {
  for (const queue::Timeout& timeout : timeouts) {
    out.put(timeout.ip.text()).put(" timed out ").put(std::to_string(now - std::int64_t{timeout.at}));
    out.put(" seconds ago; # recent timeouts: ").put(std::to_string(timeout.count)).put('\n');
  }
}

void report_on_output(const std::string& why) {
  // There is nowhere else to say it.
  static_cast<void>(Writer(1).put("fatal: ").put(why).put('\n').flush());
}

}  // namespace qmail
