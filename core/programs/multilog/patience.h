// Trouble that may pass, such as a full disk: multilog says so, waits, and tries again. No line is given up
// for it; whoever writes the lines waits too.
#pragma once
#include <cerrno>
#include <functional>
#include <string>

namespace qmail::multilog {

class Patience {
 public:
  /// Warnings go to `err`; `wait` lasts until it makes sense to try again.
  Patience(int err, std::function<void()> wait) : err_(err), wait_(std::move(wait)) {}

  /// `trouble` is "unable to VERB OBJECT"; the reason follows.
  void pause(const std::string& trouble, int error = errno) const;
  /// Where nothing tells the reason.
  void pause_without_reason(const std::string& trouble) const;
  void warn(const std::string& text) const;

  /// Tries until `attempt()` is true; it leaves the reason in errno.
  template <typename Attempt>
  void until_done(const std::string& trouble, Attempt attempt) const {
    while (!attempt()) pause(trouble);
  }

 private:
  int err_;
  std::function<void()> wait_;
};

}  // namespace qmail::multilog
