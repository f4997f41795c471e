// Asking checkpassword, or a program that is called like it: the question on descriptor 3, the answer in what
// it does. qmail-popup(8).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/base/environment.h"

namespace qmail::popup {

/// `user NUL password NUL timestamp NUL`, wiped when it is gone.
class Question {
 public:
  Question(std::string_view user, std::string_view password, std::string_view timestamp);
  ~Question() { forget(); }
  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;
  std::string_view bytes() const { return bytes_; }
  void forget() noexcept;

 private:
  std::string bytes_;
};

/// What becomes descriptors 0, 1 and 2 of the program.
struct Ends {
  int in, out, err;
};

/// Runs the program, asks it, forgets the question and waits: the program becomes the session of the user if
/// the answer is yes. Empty, or what the client is to hear. The process must ignore SIGPIPE.
std::string_view ask(Question& question, const std::vector<std::string>& program, const Ends& ends,
                     const Environment& environment);

}  // namespace qmail::popup
