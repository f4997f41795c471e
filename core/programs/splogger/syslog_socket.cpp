#include "core/programs/splogger/syslog_socket.h"

#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>
#include <utility>

namespace qmail {
namespace {

constexpr unsigned user_facility = LOG_USER >> 3;
constexpr unsigned last_facility = LOG_FACMASK >> 3;

/// "Nov 22 20:02:10", local time.
std::string local_date(std::int64_t seconds) {
  const time_t time = seconds;
  tm parts{};
  std::array<char, 32> text{};
  ::localtime_r(&time, &parts);
  return {text.data(), ::strftime(text.data(), text.size(), "%b %e %H:%M:%S", &parts)};
}

}  // namespace

SyslogSocket::SyslogSocket(std::string path, std::string tag, unsigned facility, const Clock& clock)
    : path_(std::move(path)),
      tag_(std::move(tag)),
      facility_(facility == 0 || facility > last_facility ? user_facility : facility),
      clock_(clock) {}

void SyslogSocket::send(int priority, std::string_view text) {
  const unsigned code = facility_ << 3 | static_cast<unsigned>(priority);
  std::string line = "<" + std::to_string(code) + ">" + local_date(clock_.now()) + " " + tag_ + ": ";
  line.append(text);
  if (socket_ && try_to_send(line)) return;
  // The first line, or a daemon that was started again.
  is_stream_ = false;
  if (!connect(SOCK_DGRAM)) {
    is_stream_ = errno == EPROTOTYPE && connect(SOCK_STREAM);
    if (!is_stream_) return;
  }
  if (!try_to_send(line)) socket_.close();
}

bool SyslogSocket::try_to_send(const std::string& line) {
  const std::size_t size = line.size() + (is_stream_ ? 1 : 0);  // a stream needs the NUL as its divider
  return ::send(socket_.get(), line.c_str(), size, MSG_NOSIGNAL) == static_cast<ssize_t>(size);
}

bool SyslogSocket::connect(int type) {
  sockaddr_un address{};
  if (path_.size() >= sizeof address.sun_path) return false;
  address.sun_family = AF_UNIX;
  path_.copy(address.sun_path, path_.size());
  socket_ = Fd(::socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
  return socket_ &&
         ::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace qmail
