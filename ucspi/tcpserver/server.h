// The loop of tcpserver: clients come, wait for what has to be known of them, are served, and go.
#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "core/base/clock.h"
#include "ucspi/lib/limits.h"
#include "ucspi/tcpserver/staff.h"
#include "ucspi/tcpserver/starters.h"
#include "ucspi/tcpserver/timeouts.h"
#include "ucspi/tcpserver/visit.h"
#include "ucspi/tcpserver/watch.h"

namespace qmail::ucspi {

/// TERM, CHLD and HUP are blocked but while waiting, so that none can slip in between looking and waiting.
class Server {
 public:
  /// `clock` must never go back. All but `listeners` must outlive this object.
  Server(const House& house, const Clock& clock, std::vector<Fd> listeners, Watch& watch, Staff& staff);
  /// Serves until TERM. Throws Failure.
  int run();

 private:
  /// What its proxy says.
  struct Header {};
  /// What a program says that stands before another one.
  struct Answer {};
  /// A client that cannot be served yet, and what it waits for.
  struct Waiting {
    Visit visit;
    std::variant<Header, LookUp, Answer> awaited;
  };

  void take_signals();
  void stop();
  bool is_done() const;
  void say_status() const;
  void look_for_clients(bool is_wanted);
  void serve_events(const std::vector<int>& ready);
  void accept_from(int listener);
  bool accept_one(int listener);
  void pause_accepting();

  void receive(Visit visit);
  void await_header(Visit visit);
  void continue_header(int fd);
  void admit(Visit visit);
  std::optional<Limit> early_limit(const Ip& client);
  void look_up(Visit visit, const Questions& questions);
  void continue_look_up(int fd);
  void serve(Visit visit);
  void go_on(Visit visit);
  void ask(Visit visit);
  void take_answer(int fd);
  void hand_over(Visit visit);
  void start(Visit visit);
  void take_started(int fd);
  void finish_start(const Visit& visit, const Started& started);
  void run_in_child(Visit& visit);
  void continue_waiting(int fd);
  void expire(int fd);
  bool wait_for(int fd, std::int64_t milliseconds, Waiting waiting);
  Waiting stop_waiting(int fd);
  void drop(const Ip& client, const std::string& why);
  void leave();
  void leave(const Ip& client);

  void reap_children();
  void end(const Ended& session);

  const House& house_;
  std::vector<Fd> listeners_;
  Watch& watch_;
  Staff& staff_;
  Timeouts timeouts_;
  std::optional<RateLimiter> rate_;
  ConnectionCounts counts_;         ///< of clients that were admitted
  std::map<int, Waiting> waiting_;  ///< by the descriptor that is waited for
  Starters starters_;
  std::set<pid_t> look_ups_;         ///< not reaped yet
  std::map<pid_t, int> early_ends_;  ///< statuses of children that no starter has told of yet
  /// The clients that are served. A number may be there twice for a moment: that of a worker that crashed is
  /// free before its end is told.
  std::unordered_multimap<pid_t, Ip> sessions_;
  std::size_t children_ = 0;  ///< connections, whatever their state
  bool is_looking_ = true;
  bool is_paused_ = false;
  bool is_stopping_ = false;
  bool is_draining_ = false;  ///< and waits for the sessions
};

}  // namespace qmail::ucspi
