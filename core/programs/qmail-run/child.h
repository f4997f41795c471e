// One process that is to run for ever: started, and after each end started again, later and later.
#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <sys/types.h>

namespace qmail {

class Child {
 public:
  /// Starts it; none if it could not be started or must not be now.
  using Start = std::function<std::optional<pid_t>()>;

  Child(std::string name, Start start) : name_(std::move(name)), start_(std::move(start)) {}

  const std::string& name() const { return name_; }
  /// 0 while it does not run.
  pid_t pid() const { return pid_; }

  /// Seconds from `now` until it should be started; 0 now, none if it runs.
  std::optional<std::int64_t> due_in(std::int64_t now) const {
    if (pid_ != 0) return std::nullopt;
    // A clock that was set back must not keep it waiting.
    return std::clamp<std::int64_t>(due_ - now, 0, wait_);
  }
  void start(std::int64_t now) {
    started_ = now;
    if (const auto pid = start_()) {
      pid_ = *pid;
    } else {
      ended(now);
    }
  }
  /// It is gone. After a run of a minute or more the waiting begins anew at a second; else it doubles.
  void ended(std::int64_t now) {
    pid_ = 0;
    wait_ = now - started_ >= longest_wait ? shortest_wait
                                           : std::min(std::max(wait_ * 2, shortest_wait), longest_wait);
    due_ = now + wait_;
  }
  /// Somebody says that it is worth trying now.
  void hurry() { wait_ = 0; }

  static constexpr std::int64_t shortest_wait = 1;
  static constexpr std::int64_t longest_wait = 60;

 private:
  std::string name_;
  Start start_;
  pid_t pid_ = 0;
  std::int64_t started_ = 0;
  std::int64_t due_ = 0;
  std::int64_t wait_ = 0;
};

}  // namespace qmail
