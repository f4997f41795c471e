// The machine as the engine sees it: Machine is the real one, tests have one in memory.
#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "installer/transaction/step.h"

namespace qmail::transaction {

/// What undo() will need, as one JSON value; large things it only names.
using Saved = nlohmann::json;

class System {
 public:
  virtual ~System() = default;
  /// Called before apply(step): what is there now. Durable on return. `number` is the step's in its plan.
  virtual Saved save(std::size_t number, const Step& step) = 0;
  /// Idempotent, also after a crash in its middle. Durable on return. Throws Failure.
  virtual void apply(const Step& step) = 0;
  /// What is there now where the step works; equal texts mean that nothing changed.
  virtual std::string fingerprint(const Step& step) const = 0;
  /// Makes it again as it was saved; idempotent, durable. What somebody changed since the step left it as
  /// `made` (none: it did not end) stays, if need be under another name: returned is a line that says so.
  virtual std::optional<std::string> undo(const Step& step, const Saved& saved,
                                          const std::optional<std::string>& made) = 0;
};

}  // namespace qmail::transaction
