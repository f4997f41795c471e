// What the tests of the queue's log share: a log with what its mover makes, and small things to do with it.
#pragma once
#include <deque>
#include <string>
#include <vector>

#include "core/queue/log/log.h"
#include "core/queue/log/mover.h"
#include "core/queue/log/scan.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_home.h"

namespace qmail::test {

using queue_log::Log;
using queue_log::Number;

inline const std::string log_envelope{"Fme@here.example\0Tyou@there.example\0", 36};

/// A log in a queue, with small segments.
class LogOwner {
 public:
  static constexpr std::uint32_t segment_bytes = 64U << 10;

  explicit LogOwner(const std::filesystem::path& home, std::uint32_t bytes = segment_bytes)
      : layout_(queue::Layout::open(Directory::open(home.string()))), bytes_(bytes) {}

  /// From the next open() on.
  std::size_t most_segments = 256;

  /// Empty if it worked.
  std::string open() {
    log_.reset();
    auto opened = Log::open(layout_, clock_, [this](const std::string& line) { alerts_ += line; },
                            {.reserve_bytes = 0, .most_segments = most_segments, .segment_bytes = bytes_});
    if (auto* reason = std::get_if<std::string>(&opened)) return *reason;
    log_ = std::move(std::get<0>(opened));
    return "";
  }
  void close() { log_.reset(); }
  Log& log() { return *log_; }
  queue::Layout& layout() { return layout_; }
  FakeClock& clock() { return clock_; }
  const std::string& alerts() const { return alerts_; }

  /// Makes what the log wants; false if that failed.
  bool provide(std::size_t most_spares = 8) {
    bool done = true;
    while (const auto segment = log_->segment_wanted()) {
      done = queue_log::make_segment(layout_, *segment, bytes_) == 0;
      if (!done) {
        log_->segment_failed(*segment);
        break;
      }
      log_->adopt_segment(*segment);
    }
    if (const std::size_t wanted = log_->spares_wanted()) {
      const auto made = queue_log::make_spares(layout_, std::min(wanted, most_spares));
      log_->adopt_spares(made);
      done = done && !made.empty();
    }
    return done;
  }

  /// The number, or none if it was refused.
  std::optional<Number> append(const std::string& body) {
    kept_.push_back(body);
    const std::string_view kept = kept_.back();
    auto result = log_->append({.origin = {.birth = 1795337104, .qp = 5000000, .uid = 1000},
                                .envelope = log_envelope,
                                .body = {&kept, 1}});
    refusal_ = std::get_if<queue_log::Refusal>(&result) ? std::get<1>(result) : queue_log::Refusal{};
    if (auto* number = std::get_if<Number>(&result)) return *number;
    return std::nullopt;
  }
  queue_log::Refusal refusal() const { return refusal_; }
  bool commit() { return log_->commit() == Log::Commit::durable; }

  std::string body(Number id) {
    std::string buffer;
    const auto message = log_->read(id, buffer);
    return message ? std::string(message->body) : "(unreadable)";
  }

 private:
  queue::Layout layout_;
  std::uint32_t bytes_;
  FakeClock clock_{1795337104};
  std::string alerts_;
  std::unique_ptr<Log> log_;
  std::deque<std::string> kept_;
  queue_log::Refusal refusal_{};
};

}  // namespace qmail::test
