// What a planner answers: a plan, what stands in its way, and what a person should know.
#pragma once
#include <algorithm>
#include <vector>

#include "installer/dialogue/messages.h"
#include "installer/transaction/step.h"

namespace qmail::plan {

struct Finding {
  enum class Severity { note, warning, error };
  const char* id;  ///< stable, for programs: "P20"
  Severity severity;
  dialogue::Message message;
};

struct Planned {
  transaction::Plan plan;
  std::vector<Finding> findings;

  bool is_possible() const {
    return std::none_of(findings.begin(), findings.end(),
                        [](const Finding& finding) { return finding.severity == Finding::Severity::error; });
  }
  void error(const char* id, dialogue::Message message) {
    findings.push_back({id, Finding::Severity::error, std::move(message)});
  }
  void warning(const char* id, dialogue::Message message) {
    findings.push_back({id, Finding::Severity::warning, std::move(message)});
  }
  void note(const char* id, dialogue::Message message) {
    findings.push_back({id, Finding::Severity::note, std::move(message)});
  }
};

}  // namespace qmail::plan
