// The connection to qmail-clean, which removes files that qmail-send may not. qmail-clean(8).
#pragma once
#include <string>

#include "core/programs/qmail-send/desk.h"

namespace qmail::send {

class Cleaner {
 public:
  Cleaner(Desk& desk, int requests, int answers) : desk_(desk), requests_(requests), answers_(answers) {}

  /// The message is preprocessed: removes intd and todo. Each of these waits for the answer; false if it was
  /// not done, and then the log says so.
  bool remove_todo(queue::Number number) { return ask(queue::name_of(queue::Part::todo, number)); }
  /// The message is over, or came to nothing: removes intd and mess.
  bool remove_message(queue::Number number) { return ask("foop/" + std::to_string(number)); }

 private:
  bool ask(const std::string& request);

  Desk& desk_;
  int requests_, answers_;
  bool lost_ = false;
};

}  // namespace qmail::send
