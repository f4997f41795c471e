// Processes of the recipients' users, each of which makes one delivery after the other: forks of a resident
// qmail-local, which have become the user before anything else. docs/internals/residents.md.
#pragma once
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/poll_set.h"
#include "core/base/resident.h"
#include "core/queue/children.h"

namespace qmail {

class Workers {
 public:
  /// `program` is run by its path, in `home`; of each delivery's output so much is kept.
  Workers(std::string program, std::string home, const Clock& clock, std::size_t longest_output)
      : program_(std::move(program)),
        home_(std::move(home)),
        clock_(clock),
        longest_output_(longest_output) {}

  /// Has one of `identity`'s workers make the delivery, an idle one or a new one. False if there is nobody to
  /// do it: then a process of its own has to.
  bool give(queue::Slot slot, const Identity& identity, int message, std::span<const std::string> args,
            const Environment& environment);
  bool is_idle() const { return running_.empty(); }

  void prepare(PollSet& set);
  /// Which deliveries are over: reported by the worker, which lives on, or by its death; and nobody else,
  /// such as a process that a command left behind, holds the output.
  std::vector<queue::Ended> act(const PollSet& set);

 private:
  struct Member {
    resident::Worker worker;
    Identity identity;
    std::optional<queue::Slot> slot = std::nullopt;  ///< none: idle
    std::size_t polled = not_polled;
  };
  /// A resident qmail-local and its workers. When the program's file is replaced, a new one takes over, and
  /// this one only sees its deliveries through.
  struct Team {
    resident::Zygote zygote;
    std::list<Member> members = {};                  ///< idle ones in front, the last used first
    std::map<std::uint64_t, queue::Slot> dead = {};  ///< workers that died; how is yet to be told
    std::size_t polled = not_polled;
    bool is_lost = false;
  };
  struct Running {
    queue::Output output;
    std::optional<int> status = std::nullopt;  ///< once it has ended
  };
  using Place = std::list<Member>::iterator;

  Team* current_team();
  bool start_team();
  std::optional<Place> find_member(Team& team, const Identity& identity, const resident::Job& job);
  void act(Team& team, const PollSet& set);
  void take_end(Team& team, Place member);
  void take_deaths(Team& team);
  void dismiss_idle(Team& team, std::size_t most);
  void set_status(queue::Slot slot, int status);

  const std::string program_, home_;
  const Clock& clock_;
  const std::size_t longest_output_;
  std::list<Team> teams_;        ///< the last one takes new deliveries
  std::int64_t not_before_ = 0;  ///< another team is started
  std::map<queue::Slot, Running> running_;
};

}  // namespace qmail
