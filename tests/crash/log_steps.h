// What the crash tests of the queue's log share: a piece of its life, and what must hold afterwards.
#pragma once
#include <set>

#include "core/queue/log/contents.h"
#include "tests/support/crash_driver.h"
#include "tests/support/log_work.h"

namespace qmail::test {

/// Small, so that the log goes from one to the next and comes round.
inline constexpr std::uint32_t crash_segment_bytes = 24U << 10;

/// A message whose bytes tell which it is, and whether they are all there.
inline std::string body_of(char which) { return std::string(3000, which) + "end\n"; }
inline bool is_body(const std::string& body) { return !body.empty() && body == body_of(body[0]); }

inline void prepare_log(const std::filesystem::path& home) { TempHome::make_queue(home / "queue"); }

/// A log whose owner tells the witness what it promised.
class ToldLog {
 public:
  ToldLog(const std::filesystem::path& home, Witness& witness)
      : owner_(home, crash_segment_bytes), witness_(witness) {}

  LogOwner& owner() { return owner_; }
  bool open() { return owner_.open().empty(); }

  /// Those of these messages that were accepted.
  std::map<char, Number> accept(const std::string& which) {
    std::map<char, Number> numbers;
    for (const char one : which)
      if (const auto number = owner_.append(body_of(one))) numbers[one] = *number;
    if (!commit()) {
      witness_.tell("refused " + which);
      return {};
    }
    for (const auto& [one, number] : numbers)
      witness_.tell("accepted " + std::string(1, one) + " " + std::to_string(number));
    return numbers;
  }
  /// From now on the message may be gone, or not.
  void end(char one, Number number) {
    witness_.tell("ending " + std::string(1, one));
    owner_.log().ended(number);
    ending_ += one;
  }
  bool commit() {
    if (!owner_.commit()) return false;
    for (const char one : std::exchange(ending_, "")) witness_.tell("over " + std::string(1, one));
    return true;
  }
  void tell(const std::string& line) { witness_.tell(line); }

 private:
  LogOwner owner_;
  Witness& witness_;
  std::string ending_;  ///< and no commit since
};

/// The messages that the log in `home` has, by what they are; and what is wrong with them.
inline std::map<char, Number> messages_in(const std::filesystem::path& home, Problems& problems) {
  std::map<char, Number> found;
  const auto layout = queue::Layout::open(Directory::open(home.string()));
  for (const auto& live : queue_log::live_messages(layout)) {
    const Number id = live.place.id;
    std::string buffer;
    const auto message = queue_log::read_message(layout, live.place, buffer);
    if (!message || !is_body(std::string(message->body)) || live.envelope != log_envelope) {
      problems.push_back("message " + std::to_string(id) + " is not whole");
    } else if (!found.emplace(message->body[0], id).second) {
      problems.push_back(std::string("message ") + message->body[0] + " is there twice");
    }
    if (!std::filesystem::exists(home / "queue" / queue::spare_name(id)) &&
        !std::filesystem::exists(home / "queue" / name_of(queue::Part::mess, id)))
      problems.push_back("number " + std::to_string(id) + " is free to be used again");
  }
  return found;
}

/// Every message that was accepted and did not end is there, whole.
inline Problems log_problems(const std::filesystem::path& home, const Ended& ended) {
  Problems problems;
  std::map<char, Number> expected;
  for (const std::string& line : ended.told) {
    if (line.starts_with("accepted ")) expected[line[9]] = std::stoull(line.substr(11));
    if (line.starts_with("ending ")) expected.erase(line[7]);
  }
  const auto compare = [&](const std::string& when) {
    const auto found = messages_in(home, problems);
    for (const auto& [which, number] : expected) {
      const auto there = found.find(which);
      if (there == found.end() || there->second != number)
        problems.push_back(std::string("message ") + which + " is lost " + when);
    }
    for (const std::string& line : ended.told)
      if (line.starts_with("over ") && found.contains(line[5]))
        problems.push_back(line + ", but back " + when);
    return found.size();
  };
  const std::size_t before = compare("to a reader");
  LogOwner next(home, crash_segment_bytes);
  if (const std::string reason = next.open(); !reason.empty()) return {reason};
  if (next.log().live_count() != before) problems.push_back("the owner finds another number of messages");
  for (const auto& replay : next.log().take_replay())
    if (!is_body(next.body(replay.id))) problems.push_back("a message is not whole to its owner");
  next.close();
  compare("to a reader after recovery");
  if (const std::string reason = next.open(); !reason.empty()) return {reason};
  return problems;
}

/// Several segments' worth of messages, some of which end, some of which stay.
inline int live_a_while(const std::filesystem::path& home, Witness& witness) {
  ToldLog log(home, witness);
  if (!log.open()) return 111;
  log.owner().provide(4);
  char next = 'a';
  std::map<char, Number> open;
  for (int round = 0; round < 5; ++round) {
    const std::string which{next, static_cast<char>(next + 1)};
    next = static_cast<char>(next + 2);
    for (const auto& one : log.accept(which)) open.insert(one);
    if (!open.empty()) log.owner().log().outcome(open.begin()->second, 0, 'K', "done");
    // The oldest two end, but for the very first: it holds on to its segment for a while.
    while (open.size() > 2) {
      const auto ending = round < 3 ? std::next(open.begin()) : open.begin();
      log.end(ending->first, ending->second);
      open.erase(ending);
    }
    static_cast<void>(log.owner().log().write());
    log.owner().provide(4);
  }
  for (int attempt = 0; attempt < 3; ++attempt)
    if (log.commit()) {
      log.tell("all synced");
      break;
    }
  return 0;
}

}  // namespace qmail::test
