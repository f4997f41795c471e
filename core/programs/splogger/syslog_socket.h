// The syslog daemon, as syslog(3) speaks to it: RFC 3164 datagrams to a Unix socket. Written out because the
// socket of syslog(3) cannot be chosen, and so cannot be tested.
#pragma once
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/fd.h"

namespace qmail {

class SyslogSocket {
 public:
  /// `facility` is the number of syslog.h without its shift; 1 (user) if it is 0 or none.
  SyslogSocket(std::string path, std::string tag, unsigned facility, const Clock& clock);

  /// Without a daemon the line is lost, as with syslog(3).
  void send(int priority, std::string_view text);

 private:
  bool try_to_send(const std::string& line);
  bool connect(int type);

  std::string path_;
  std::string tag_;
  unsigned facility_;
  const Clock& clock_;
  Fd socket_;
  bool is_stream_ = false;
};

}  // namespace qmail
