// What tcpserver says on standard error: a published interface, read by log analysers. tcpserver(1).
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "core/format/ucspi.h"
#include "ucspi/lib/limits.h"
#include "ucspi/tcpserver/server_options.h"

namespace qmail::ucspi {

/// The lines themselves, ended by a newline.
std::string status_line(std::size_t children, std::size_t limit);
std::string pid_line(pid_t pid, std::string_view remote_ip);
std::string end_line(pid_t pid, int wait_status);
/// "ok" or "deny", then LOCALHOST:IP:PORT HOST:IP:INFO:PORT. What others chose is made safe and cut after 100
/// bytes; an IPv6 address stands in brackets.
std::string verdict_line(bool deny, pid_t pid, const Peer& peer);
/// "deny" of process 0, for none was started, with NAME:VALUE of the limit at its end.
std::string limit_line(const Peer& peer, const Limit& limit);

/// Writes them as far as the options ask for.
class Announcer {
 public:
  explicit Announcer(int err) : err_(err) {}
  void set_verbosity(Verbosity verbosity) { verbosity_ = verbosity; }
  /// From now on a failure ends one connection, not the server.
  void enter_child() { in_child_ = true; }

  /// Only with -v. The server's lines are held until flush(), a child's are written at once.
  void say(const std::string& line);
  void flush();
  void warn_dropping(const std::string& why);
  void last_words(const std::string& why);

 private:
  int err_;
  std::string held_;
  Verbosity verbosity_ = Verbosity::errors;
  bool in_child_ = false;
};

}  // namespace qmail::ucspi
