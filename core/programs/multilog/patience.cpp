#include "core/programs/multilog/patience.h"

#include "core/base/error_text.h"
#include "core/base/io.h"

namespace qmail::multilog {

void Patience::warn(const std::string& text) const {
  // Nobody is left to tell if standard error is gone.
  static_cast<void>(Writer(err_).put("multilog: warning: ").put(text).put("\n").flush());
}

void Patience::pause(const std::string& trouble, int error) const {
  pause_without_reason(trouble + ", pausing: " + error_text(error));
}

void Patience::pause_without_reason(const std::string& trouble) const {
  warn(trouble);
  wait_();
}

}  // namespace qmail::multilog
