#include "core/format/pattern.h"

#include <utility>

#include "core/base/text.h"

namespace qmail {

/// One program on one text: all ways through it at the same time, a byte of the text at a time.
class PatternRun {
 public:
  PatternRun(const Pattern& pattern, std::string_view text)
      : pattern_(pattern), text_(text), reached_at_(pattern.program_.size(), 0) {}

  bool succeeds() {
    for (std::size_t at = 0;; ++at) {
      follow(0, at);
      if (is_found_ || at == text_.size()) return is_found_;
      std::swap(now_, next_);
      next_.clear();
      for (const int place : now_)
        if (takes(instruction_at(place), text_[at])) follow(place + 1, at + 1);
    }
  }

 private:
  using Step = Pattern::Step;

  const Pattern::Instruction& instruction_at(int place) const {
    return pattern_.program_[static_cast<std::size_t>(place)];
  }

  bool takes(const Pattern::Instruction& instruction, char c) const {
    if (instruction.step == Step::byte) return static_cast<unsigned char>(lower(c)) == instruction.x;
    return pattern_.sets_[static_cast<std::size_t>(instruction.x)][static_cast<unsigned char>(c)];
  }

  /// Adds to `next_` what can be reached from `place` without another byte.
  void follow(int place, std::size_t at) {
    waiting_.assign(1, place);
    while (!waiting_.empty()) {
      const int now = waiting_.back();
      waiting_.pop_back();
      if (std::exchange(reached_at_[static_cast<std::size_t>(now)], at + 1) == at + 1) continue;
      const auto& [step, x, y] = instruction_at(now);
      switch (step) {
        case Step::byte:
        case Step::any_of: next_.push_back(now); break;
        case Step::fork: waiting_.push_back(now + y); [[fallthrough]];
        case Step::go_on: waiting_.push_back(now + x); break;
        case Step::at_start:
          if (at == 0) waiting_.push_back(now + 1);
          break;
        case Step::at_end:
          if (at == text_.size()) waiting_.push_back(now + 1);
          break;
        case Step::found: is_found_ = true; break;
      }
    }
  }

  const Pattern& pattern_;
  std::string_view text_;
  std::vector<std::size_t> reached_at_;  ///< by instruction: one more than where in the text it last was
  std::vector<int> now_, next_, waiting_;
  bool is_found_ = false;
};

bool Pattern::matches(std::string_view text) const { return PatternRun(*this, text).succeeds(); }

}  // namespace qmail
