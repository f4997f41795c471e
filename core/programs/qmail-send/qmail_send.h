// Delivering the messages of the queue, from the start of the daemon to its end. qmail-send(8).
#pragma once
#include <string>

#include "core/base/clock.h"
#include "core/base/environment.h"
#include "core/log/twin.h"
#include "core/queue/link.h"

namespace qmail::send {

/// The descriptors that qmail-start gives it.
struct Connections {
  int log = 0;
  int local_requests = 1;
  int local_reports = 2;
  int remote_requests = 3;
  int remote_reports = 4;
  int clean_requests = 5;
  int clean_answers = 6;
  int queue_log = queue::link::send_descriptor;  ///< need not be open: then there is no queue log
  int twin = log::twin_descriptor;               ///< where SendWorld says that there is one
};

struct SendWorld {
  const Environment& environment;
  const Clock& clock;
  std::string home;
  Connections connections = {};
  bool has_twin = false;  ///< of the log, in JSON
  bool settles = false;   ///< delivers nothing: empties the queue log and ends
};

/// Runs until TERM, or until another program is lost, and what is under way has ended. Throws Failure if it
/// cannot start. Returns the exit code. Changes what TERM, ALRM, HUP and PIPE do.
int send_mail(const SendWorld& world);

/// Says in the log that, and why, it cannot start.
void report_on_start(const std::string& why);

}  // namespace qmail::send
