// Several questions to the DNS at the same time, behind one interface so that tests can script the answers.
// resolver.h is for programs that need one thing after the other.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "core/format/dns_message.h"

namespace qmail::dns {

struct Question {
  std::string name;
  Type type;
  auto operator<=>(const Question&) const = default;
};

enum class Outcome { found, no_such_name, no_such_record, failed };

/// Where nothing says how long an answer may be kept.
inline constexpr std::uint32_t unlimited_ttl = std::numeric_limits<std::uint32_t>::max();

/// What is known of one question.
struct Lookup {
  Outcome outcome = Outcome::failed;  ///< failed: no answer now
  std::vector<Record> records = {};   ///< of the type asked for, empty unless found
  std::uint32_t ttl = 0;              ///< seconds for which it may be kept; 0: not at all
};

/// Told of each answer as it comes: its place among the questions. False: the others are not needed any more.
using TakeLookup = std::function<bool(std::size_t which, const Lookup& lookup)>;

class Asker {
 public:
  virtual ~Asker() = default;
  /// Returns when every question is answered, or `take` has had enough.
  virtual void ask(std::span<const Question> questions, const TakeLookup& take) = 0;
};

}  // namespace qmail::dns
