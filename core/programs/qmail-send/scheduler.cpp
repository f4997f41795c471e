#include "core/programs/qmail-send/scheduler.h"

#include <cerrno>
#include <signal.h>

#include "core/base/failure.h"
#include "core/base/signals.h"

namespace qmail::send {
namespace {

constexpr std::int64_t longest_wait_seconds = 86400;

}  // namespace

int Scheduler::run() {
  for (heed_signals(); !desk_.exit_asap || !can_exit(); heed_signals()) round();
  save_due_times();
  if (log_room_.is_incomplete()) desk_.log.put(log::alert_left_in_log());
  desk_.log.put(log::exiting());
  return static_cast<int>(log_room_.is_incomplete() ? Exit::temporary : Exit::ok);
}

bool Scheduler::can_exit() const { return deliveries_.can_exit() && log_room_.can_exit(); }

void Scheduler::round() {
  PollSet set(desk_.now + longest_wait_seconds);
  log_room_.prepare(set);
  prepare(set);
  desk_.log.flush();
  if (!set.wait(desk_.now)) {
    if (errno != EINTR) desk_.log.put(log::warning_select());
    return;
  }
  desk_.now = desk_.clock.now();
  log_room_.take_notices(set);
  act(set);
}

void Scheduler::prepare(PollSet& set) {
  if (const log::Twin* const twin = desk_.log.twin(); twin != nullptr && twin->is_waiting())
    set.add(twin->fd(), POLLOUT);
  deliveries_.prepare(set);
  passes_.prepare(set);
  finisher_.prepare(set);
  if (log_room_.is_replaying()) return;
  intake_.prepare(set);
  loading_.prepare(set);
  cleanup_.prepare(set);
  admin_room_.prepare(set);
}

/// What is in the layout is looked at when it is known which of it is still in the log.
void Scheduler::act(const PollSet& set) {
  const bool knows_all = !log_room_.is_replaying();
  deliveries_.act(set);
  if (knows_all) intake_.act(set);
  passes_.act();
  finisher_.act();
  if (knows_all) loading_.act();
  if (knows_all) cleanup_.act();
  log_room_.act();
  admin_room_.act(set);
}

void Scheduler::heed_signals() {
  desk_.now = desk_.clock.now();
  if (signals::take(SIGTERM)) desk_.exit_asap = true;
  if (signals::take(SIGALRM)) {
    desk_.make_all_due();
    log_room_.hurry();
  }
  if (signals::take(SIGHUP))
    if (const auto file = reread(control_, desk_.settings.routing)) desk_.log.put(log::alert_reread(*file));
}

/// For the next qmail-send. What it would find anyway is not written again.
void Scheduler::save_due_times() {
  for (const queue::Channel channel : queue::every_channel)
    for (Agenda& due = desk_.due_on(channel); !due.empty();) {
      const Due next = due.take_any();
      if (!next.stored && !desk_.store.set_due(next.number, channel, next.when))
        desk_.log.put(log::warning_utime(desk_.store.list_name(next.number, channel)));
    }
}

}  // namespace qmail::send
