// What qmail-check has found.
#pragma once
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "installer/dialogue/messages.h"

namespace qmail::check {

enum class Severity { warning, error };

struct Finding {
  const char* id;  ///< stable, for programs: "C12"
  Severity severity;
  std::string subject;  ///< what it is about: a path
  dialogue::Message message;
};

class Findings {
 public:
  void error(const char* id, std::string subject, dialogue::Message message) {
    list_.push_back({id, Severity::error, std::move(subject), std::move(message)});
  }
  void warning(const char* id, std::string subject, dialogue::Message message) {
    list_.push_back({id, Severity::warning, std::move(subject), std::move(message)});
  }
  const std::vector<Finding>& list() const { return list_; }
  bool has(Severity severity) const {
    return std::any_of(list_.begin(), list_.end(),
                       [&](const Finding& finding) { return finding.severity == severity; });
  }

 private:
  std::vector<Finding> list_;
};

}  // namespace qmail::check
