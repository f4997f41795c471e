#include "core/programs/splogger/splogger.h"

#include <syslog.h>

#include "core/base/io.h"
#include "core/log/stamp.h"

namespace qmail {
namespace {

/// syslog daemons cut long lines, or worse.
constexpr std::size_t longest_piece = 799;

int priority_of(std::string_view line) {
  if (line.starts_with("alert:")) return LOG_ALERT;
  if (line.starts_with("warning:")) return LOG_WARNING;
  return LOG_INFO;
}

char printable(char c) { return c < ' ' || c > '~' ? '?' : c; }

/// One line on its way: its pieces have the time and the priority of the first.
class Line {
 public:
  Line(const Clock& clock, const std::function<void(int, const std::string&)>& send)
      : clock_(clock), send_(send) {}

  void put(char c) {
    if (piece_.size() == longest_piece) flush();
    piece_ += printable(c);
  }
  void end() {
    flush();
    stamp_.clear();
  }

 private:
  void flush() {
    if (piece_.empty()) return;
    const bool is_first = stamp_.empty();
    if (is_first) {
      stamp_ = log::stamp(clock_.moment());
      priority_ = priority_of(piece_);
    }
    send_(priority_, stamp_ + (is_first ? " " : "+") + piece_);
    piece_.clear();
  }

  const Clock& clock_;
  const std::function<void(int, const std::string&)>& send_;
  std::string piece_;
  std::string stamp_;
  int priority_ = LOG_INFO;
};

}  // namespace

void log_lines(int in, const Clock& clock, const std::function<void(int, const std::string&)>& send) {
  Reader reader(in);
  Line line(clock, send);
  while (const auto byte = reader.get()) {
    if (*byte == '\n')
      line.end();
    else
      line.put(*byte);
  }
}

}  // namespace qmail
