// The record of one transaction: its plan, then what was intended, done and undone, one JSON object a line,
// each with a sequence number and a checksum. Format: docs/internals/journal.md.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "installer/transaction/system.h"

namespace qmail::transaction {

class Journal {
 public:
  /// Takes one line with its newline; what it took survives power loss when it returns. Throws Failure.
  using Sink = std::function<void(std::string_view line)>;

  /// Writes the plan as the first record.
  Journal(Plan plan, Sink sink);

  struct Reading;
  /// Reads what is there. A last line that is cut short or damaged was never acknowledged and counts as not
  /// written. None if not even the plan is whole; throws Failure if an earlier line is damaged.
  static std::optional<Reading> read(std::string_view text);
  /// Further records go to `sink`.
  void continue_with(Sink sink) { sink_ = std::move(sink); }

  const Plan& plan() const { return plan_; }

  void intended(std::size_t step, const Saved& saved);
  void done(std::size_t step, const std::string& made);
  void undone(std::size_t step);
  void committed();
  void rolled_back();

  /// Null until the step was intended.
  const Saved* saved(std::size_t step) const;
  std::optional<std::string> made(std::size_t step) const { return steps_[step].made; }
  bool is_done(std::size_t step) const { return steps_[step].made.has_value(); }
  bool is_undone(std::size_t step) const { return steps_[step].undone; }
  std::size_t done_count() const;

  enum class State { interrupted, committed, rolling_back, rolled_back };
  State state() const { return state_; }

 private:
  struct Progress {
    std::optional<Saved> saved;
    std::optional<std::string> made;
    bool undone = false;
  };

  Journal() = default;
  void append(nlohmann::json record);
  bool take_record(const nlohmann::json& record);
  bool take_step(const nlohmann::json& record, const std::string& event);

  Plan plan_;
  std::vector<Progress> steps_;
  State state_ = State::interrupted;
  std::size_t next_ = 0;
  Sink sink_;
};

struct Journal::Reading {
  Journal journal;
  std::size_t sound_bytes = 0;  ///< the length of the lines that count
};

}  // namespace qmail::transaction
