// Processes of the recipients' users, each of which makes one delivery after the other: forks of a resident
// qmail-local, which have become the user before anything else. docs/internals/residents.md.
#pragma once
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/poll_set.h"
#include "core/base/resident.h"
#include "core/queue/children.h"

namespace qmail {

/// A delivery whose user is known.
struct LocalTask {
  queue::Slot slot;
  Identity identity;
  Fd message;
  std::vector<std::string> args;  ///< of qmail-local(8), its name in front
  bool is_alone = false;          ///< cannot be made together with others
};

/// Deliveries to one user that are waiting at the same time are spread over a few workers and given to each
/// together: most of them are of a kind that is soon done and gains from it. Those that are not come back,
/// and each gets a worker to itself, as a command may take its time.
class Workers {
 public:
  /// `program` is run by its path, in `home`; of each delivery's output so much is kept.
  Workers(std::string program, std::string home, const Environment& environment, const Clock& clock,
          std::size_t longest_output)
      : program_(std::move(program)),
        home_(std::move(home)),
        environment_(environment),
        clock_(clock),
        longest_output_(longest_output) {}

  /// Takes on a delivery; dispatch() begins it.
  void add(LocalTask task);
  bool is_idle() const { return waiting_.empty() && busy_ == 0 && running_.empty(); }

  /// Gives what waits to workers, idle ones or new ones. What comes back nobody can do: a process of its own
  /// has to.
  std::vector<LocalTask> dispatch();
  void prepare(PollSet& set);
  /// Which deliveries are over: reported by the worker, which lives on, or by its death; and nobody else,
  /// such as a process that a command left behind, holds the output.
  std::vector<queue::Ended> act(const PollSet& set);

 private:
  struct Member {
    resident::Worker worker;
    Identity identity;
    std::vector<LocalTask> tasks = {};  ///< none: idle
    std::size_t polled = not_polled;
  };
  /// A resident qmail-local and its workers. When the program's file is replaced, a new one takes over, and
  /// this one only sees its deliveries through.
  struct Team {
    resident::Zygote zygote;
    std::list<Member> members = {};                             ///< idle ones in front, the last used first
    std::map<std::uint64_t, std::vector<LocalTask>> dead = {};  ///< of workers whose death is yet to be told
    std::size_t polled = not_polled;
    bool is_lost = false;
  };
  /// What is made alone.
  struct Running {
    queue::Output output;
    std::optional<int> status = std::nullopt;  ///< once it has ended
  };
  using Place = std::list<Member>::iterator;

  Team* current_team();
  bool start_team();
  std::size_t busy_workers(const Identity& identity) const;
  bool prefers_alone(const LocalTask& task);
  std::vector<LocalTask> take_companions(std::size_t first, std::size_t free_workers);
  bool give(std::vector<LocalTask>& tasks);
  bool give_alone(std::vector<LocalTask>& tasks);
  bool hand_over(const Identity& identity, const resident::Job& job, std::vector<LocalTask>& tasks);
  std::optional<Place> find_member(Team& team, const Identity& identity, const resident::Job& job);
  void act(Team& team, const PollSet& set);
  void take_end(Team& team, Place member);
  void take_deaths(Team& team);
  void dismiss_idle(Team& team, std::size_t most);
  void finish(std::vector<LocalTask> tasks, int status, std::string_view text);

  const std::string program_, home_;
  const Environment& environment_;
  const Clock& clock_;
  const std::size_t longest_output_;
  std::list<Team> teams_;        ///< the last one takes new deliveries
  std::int64_t not_before_ = 0;  ///< another team is started
  std::vector<LocalTask> waiting_;
  std::size_t busy_ = 0;  ///< deliveries given together
  std::map<queue::Slot, Running> running_;
  std::vector<queue::Ended> ended_;
  std::map<Identity, std::int64_t> alone_since_;  ///< users whose last delivery could not be made together
};

}  // namespace qmail
