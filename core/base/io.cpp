#include "core/base/io.h"

#include <algorithm>
#include <cerrno>
#include <poll.h>
#include <unistd.h>

#include "core/base/failure.h"

namespace qmail {
namespace {

constexpr std::size_t block_size = 16384;

/// Waits until `fd` is ready for `events`; Stop::none when it is.
Stop wait_for(int fd, short events, const std::optional<int>& timeout_seconds, int& error) {
  if (!timeout_seconds) return Stop::none;
  pollfd wanted{fd, events, 0};
  for (;;) {
    const int ready = ::poll(&wanted, 1, *timeout_seconds * 1000);
    if (ready > 0) return Stop::none;
    if (ready == 0) {
      error = ETIMEDOUT;
      return Stop::timed_out;
    }
    if (errno == EINTR) continue;
    error = errno;
    return Stop::failed;
  }
}

}  // namespace

bool Reader::fill() {
  if (stop_ != Stop::none) return false;
  buffer_.resize(block_size);
  begin_ = 0;
  ssize_t got = -1;
  do {
    stop_ = wait_for(fd_, POLLIN, timeout_seconds_, error_);
    if (stop_ != Stop::none) break;
    got = ::read(fd_, buffer_.data(), buffer_.size());
  } while (got < 0 && (errno == EINTR || (errno == EAGAIN && timeout_seconds_)));
  buffer_.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  if (got == 0) stop_ = Stop::end;
  if (got < 0 && stop_ == Stop::none) {
    stop_ = Stop::failed;
    error_ = errno;
  }
  return got > 0;
}

std::optional<char> Reader::get() {
  if (begin_ == buffer_.size() && !fill()) return std::nullopt;
  return buffer_[begin_++];
}

std::string_view Reader::peek() {
  if (begin_ == buffer_.size() && !fill()) return {};
  return std::string_view(buffer_).substr(begin_);
}

bool Reader::line(std::string& line, std::size_t limit, char end) {
  line.clear();
  for (;;) {
    const std::string_view ready = peek();
    if (ready.empty()) return false;
    const std::size_t at = ready.find(end);
    const std::string_view piece = ready.substr(0, at);
    line.append(piece.substr(0, std::min(piece.size(), limit - line.size())));
    take(at == std::string_view::npos ? piece.size() : piece.size() + 1);
    if (at != std::string_view::npos) return true;
  }
}

Writer& Writer::put(std::string_view bytes) {
  if (stop_ != Stop::none) return *this;
  buffer_.append(bytes);
  // An error sticks, so the next flush() of the caller's own will report it.
  if (buffer_.size() >= block_size) static_cast<void>(flush());
  return *this;
}

bool Writer::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty() && stop_ == Stop::none) {
    stop_ = wait_for(fd_, POLLOUT, timeout_seconds_, error_);
    if (stop_ != Stop::none) break;
    const ssize_t written = ::write(fd_, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR && !(errno == EAGAIN && timeout_seconds_)) {
      stop_ = Stop::failed;
      error_ = errno;
    }
  }
  buffer_.clear();
  return stop_ == Stop::none;
}

void Writer::flush_or_throw(const std::string& label) {
  if (!flush()) throw Failure::system("write " + label, error_);
}

}  // namespace qmail
