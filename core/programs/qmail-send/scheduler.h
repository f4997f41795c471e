// The rounds of qmail-send: wait until there is something to do, let each room do its share, wait again.
#pragma once
#include <array>

#include "core/programs/qmail-send/admin_room.h"
#include "core/programs/qmail-send/intake.h"
#include "core/programs/qmail-send/loading.h"
#include "core/programs/qmail-send/log_room.h"
#include "core/programs/qmail-send/passes.h"
#include "core/programs/qmail-send/qmail_send.h"
#include "core/programs/qmail-send/tidying.h"

namespace qmail::send {

class Scheduler {
 public:
  Scheduler(Desk& desk, queue::Names& names, const Control& control, std::array<SpawnerLink, 2> links,
            const Connections& connections)
      : desk_(desk),
        control_(control),
        cleaner_(desk, connections.clean_requests, connections.clean_answers),
        jobs_(desk),
        lines_{Lines(nullptr, desk.settings.concurrency[0]),
               Lines(&desk.settings.domain_limits, desk.settings.concurrency[1])},
        log_link_(connections.queue_log),
        outcomes_(desk, jobs_, log_link_),
        deliveries_(desk, outcomes_, lines_, std::move(links)),
        log_room_(desk, names, log_link_, outcomes_),
        passes_(desk, jobs_, lines_, deliveries_),
        intake_(desk, names, cleaner_),
        loading_(desk, names.layout()),
        finisher_(desk, cleaner_),
        cleanup_(desk, names.layout(), cleaner_),
        orders_(desk, names, jobs_, deliveries_, log_room_),
        admin_room_(desk, names.layout(), orders_) {}

  /// Until TERM or the loss of another program, and then until what is under way has ended. Returns the exit
  /// code.
  int run();

 private:
  void heed_signals();
  void round();
  void prepare(PollSet& set);
  void act(const PollSet& set);
  bool can_exit() const;
  void save_due_times();

  Desk& desk_;
  const Control& control_;
  Cleaner cleaner_;
  Jobs jobs_;
  std::array<Lines, 2> lines_;  ///< by channel
  LogLink log_link_;
  Outcomes outcomes_;
  Deliveries deliveries_;
  LogRoom log_room_;
  Passes passes_;
  Intake intake_;
  Loading loading_;
  Finisher finisher_;
  Cleanup cleanup_;
  Orders orders_;
  AdminRoom admin_room_;
};

}  // namespace qmail::send
