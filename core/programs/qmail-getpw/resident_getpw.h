// qmail-getpw that stays and answers question after question. core/users/user_answer.h has the packets.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/base/clock.h"
#include "core/programs/qmail-getpw/getpw.h"

namespace qmail {

/// Remembers for a few seconds who was found, and who was not.
class CachedUsers {
 public:
  CachedUsers(const Accounts& accounts, const Clock& clock) : accounts_(accounts), clock_(clock) {}
  /// As find_user(). The result is valid until the next call.
  const Found& find(const std::string& local);

 private:
  struct Entry {
    Found found = {};
    std::int64_t since = 0;
  };
  const Accounts& accounts_;
  const Clock& clock_;
  std::unordered_map<std::string, Entry> entries_;
};

/// Answers what comes through `socket` until its other end is closed.
void answer_questions(int socket, CachedUsers& users);

}  // namespace qmail
