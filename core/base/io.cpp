#include "core/base/io.h"

#include <algorithm>
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/failure.h"
#include "core/base/secret.h"

namespace qmail {
namespace {

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
  if (!buffer_) buffer_ = std::make_unique_for_overwrite<char[]>(block_);
  begin_ = end_ = 0;
  ssize_t got = -1;
  do {
    stop_ = wait_for(fd_, POLLIN, timeout_seconds_, error_);
    if (stop_ != Stop::none) break;
    got = ::read(fd_, buffer_.get(), block_);
  } while (got < 0 && (errno == EINTR || (errno == EAGAIN && timeout_seconds_)));
  if (got > 0) end_ = static_cast<std::size_t>(got);
  if (got == 0) stop_ = Stop::end;
  if (got < 0 && stop_ == Stop::none) {
    stop_ = Stop::failed;
    error_ = errno;
  }
  return got > 0;
}

std::optional<char> Reader::get() {
  if (begin_ == end_ && !fill()) return std::nullopt;
  return buffer_[begin_++];
}

std::string_view Reader::peek() {
  if (begin_ == end_ && !fill()) return {};
  return {buffer_.get() + begin_, end_ - begin_};
}

void Reader::forget() noexcept {
  if (!buffer_) return;
  wipe(std::span(buffer_.get(), begin_));
  wipe(std::span(buffer_.get() + end_, block_ - end_));
}

bool Reader::line(std::string& line, std::size_t limit, char end) {
  line.clear();
  dropped_ = 0;
  for (;;) {
    const std::string_view ready = peek();
    if (ready.empty()) return false;
    const std::size_t at = ready.find(end);
    const std::string_view piece = ready.substr(0, at);
    const std::size_t kept = std::min(piece.size(), limit - line.size());
    line.append(piece.substr(0, kept));
    dropped_ += piece.size() - kept;
    take(at == std::string_view::npos ? piece.size() : piece.size() + 1);
    if (at != std::string_view::npos) return true;
  }
}

ssize_t Writer::write_some(std::string_view bytes) const {
  if (!is_tried_first()) return ::write(fd_, bytes.data(), bytes.size());
  return ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT);
}

Writer& Writer::put(std::string_view bytes) {
  if (stop_ != Stop::none) return *this;
  buffer_.append(bytes);
  // An error sticks, so the next flush() of the caller's own will report it.
  if (buffer_.size() >= Reader::usual_block) static_cast<void>(flush());
  return *this;
}

bool Writer::flush() {
  std::string_view rest = buffer_;
  bool must_wait = !is_tried_first();
  while (!rest.empty() && stop_ == Stop::none) {
    if (must_wait) stop_ = wait_for(fd_, POLLOUT, timeout_seconds_, error_);
    if (stop_ != Stop::none) break;
    const ssize_t written = write_some(rest);
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (is_tried_first() && errno == ENOTSOCK) {
      is_socket_ = false;
      must_wait = true;
    } else if (errno == EAGAIN && timeout_seconds_) {
      must_wait = true;
    } else if (errno != EINTR) {
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
