// Which message a delivery belongs to, and how both went: what matchup(1) and qmail-report(8) make of a log.
#pragma once
#include <string>
#include <unordered_map>
#include <vector>

#include "core/format/log_line.h"
#include "core/log/activity/event.h"

namespace qmail::activity {

/// A message that has not left the queue.
struct Message {
  Number number = 0;
  LogTime birth = {};
  Number bytes = 0;
  std::string sender = {};  ///< in lower case, with its angle brackets
  Number qp = 0, uid = 0;
  Number successes = 0, failures = 0, deferrals = 0;
};

/// A delivery that has not ended.
struct Delivery {
  Number number = 0;
  Number message = 0;
  LogTime start = {};
  std::string channel = {};
  std::string recipient = {};  ///< in lower case
};

/// Told what happened, in the order of the log.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void message_born(const Message&) {}
  virtual void message_ended(const Message& message, const LogTime& end) = 0;
  /// `message` is null if the log did not tell of it.
  virtual void delivery_ended(const Delivery& delivery, const Message* message, const Finished& how,
                              const LogTime& end) = 0;
};

/// Things with a number, which comes again when the thing has gone; in the order that stock matchup keeps
/// them in: the last one takes the place of one that goes.
template <typename Thing>
class Table {
 public:
  Thing* find(Number number) {
    const auto found = places_.find(number);
    return found == places_.end() ? nullptr : &things_[found->second];
  }
  void put(Thing thing) {
    if (Thing* const known = find(thing.number)) {
      *known = std::move(thing);
      return;
    }
    places_.emplace(thing.number, things_.size());
    things_.push_back(std::move(thing));
  }
  void remove(Number number) {
    const auto found = places_.find(number);
    if (found == places_.end()) return;
    const std::size_t place = found->second;
    places_.erase(found);
    if (place + 1 < things_.size()) {
      things_[place] = std::move(things_.back());
      places_[things_[place].number] = place;
    }
    things_.pop_back();
  }
  void clear() {
    things_.clear();
    places_.clear();
  }
  const std::vector<Thing>& all() const { return things_; }

 private:
  std::vector<Thing> things_;
  std::unordered_map<Number, std::size_t> places_;
};

class Matcher {
 public:
  /// Knows of at most `most` messages and as many deliveries at a time: further ones it does not learn of.
  explicit Matcher(Observer& observer, std::size_t most = static_cast<std::size_t>(-1))
      : observer_(observer), most_(most) {}

  /// What `line` told; none if it is no line of qmail-send that tells something.
  std::optional<Event> take(const LogLine& line);

  const std::vector<Message>& messages() const { return messages_.all(); }
  const std::vector<Delivery>& deliveries() const { return deliveries_.all(); }
  /// Messages and deliveries that it had no room for.
  Number passed_over() const { return passed_over_; }

 private:
  void learn(const LogTime& time, const Started& event);
  void learn(const LogTime& time, const Finished& event);
  void learn(const LogTime& time, const NewMessage& event);
  void learn(const LogTime& time, const Info& event);
  void learn(const LogTime& time, const Tally& event);
  void learn(const LogTime& time, const EndOfMessage& event);
  void learn(const LogTime& time, const Restarted& event);
  void learn(const LogTime&, const Status&) {}
  void learn(const LogTime&, const Trouble&) {}

  template <typename Thing>
  void put(Table<Thing>& table, Thing thing);

  Observer& observer_;
  std::size_t most_;
  Table<Message> messages_;
  Table<Delivery> deliveries_;
  Number passed_over_ = 0;
};

}  // namespace qmail::activity
