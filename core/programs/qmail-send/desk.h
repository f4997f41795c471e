// What the rooms of qmail-send share: the store, the log, the settings, and what is due when.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <unordered_set>

#include "core/base/clock.h"
#include "core/base/environment.h"
#include "core/base/fd.h"
#include "core/log/events.h"
#include "core/log/log.h"
#include "core/programs/qmail-send/schedule.h"
#include "core/programs/qmail-send/settings.h"
#include "core/queue/log_store.h"
#include "core/queue/store.h"

namespace qmail::send {

/// After trouble with a file or a program of its own: when to try again.
inline constexpr std::int64_t trouble_pause_seconds = 123;

struct Desk {
  const Directory& home;
  const Environment& environment;
  const Clock& clock;
  log::Log& log;
  queue::Store& store;
  queue::LogStore& log_mail;  ///< what of it is in the queue log
  Settings settings;

  std::int64_t now = 0;      ///< as of this round
  bool exit_asap = false;    ///< start nothing more; leave when what runs has ended
  bool is_settling = false;  ///< with nobody there to deliver, to send a bounce or to clean up

  std::array<Agenda, 2> due = {};  ///< by channel: what to try next
  DueQueue done = {};              ///< preprocessed, without recipients left, or so it seems
  DueQueue unclear = {};           ///< its files could not be asked about

  bool is_hurried = false;                     ///< while loading: whatever is found is due now
  bool is_loading = true;                      ///< what an earlier qmail-send left is not all known yet
  std::unordered_set<queue::Number> own = {};  ///< while loading: messages that need not be found any more

  std::array<log::Load, 2> load = {};  ///< by channel

  std::array<std::size_t, 2> logged_load = {};

  void log_status();
  /// The same, if a number is another one than the log has.
  void log_status_change();
  Agenda& due_on(queue::Channel channel) { return due[at(channel)]; }
  /// Finds out what is left to do for a preprocessed message and makes it due.
  void add(queue::Number number) { add(number, &Agenda::insert); }
  /// The same for one that this qmail-send has just preprocessed.
  void add_new(queue::Number number) { add(number, &Agenda::insert_new); }
  /// The same for one that was found in the store, unless it is one of our own.
  void add_stored(queue::Number number);
  /// To be said of a message as soon as somebody who looks into the store could take it for an old one.
  void note_own(queue::Number number);
  /// Every message is due now, also those that loading has yet to find.
  void make_all_due();
  void end_loading();
  void warn(const queue::Trouble& trouble) { log.put(log::warning_file(trouble.what, trouble.file)); }
  void warn_later(const queue::Trouble& trouble) {
    log.put(log::warning_file_later(trouble.what, trouble.file));
  }
  /// Says so and sleeps, for what qmail-send cannot go on without.
  void sleep_after(const std::string& alert);

  /// What the twin of the log, if there is one, says of a message in the store.
  log::Facts facts(std::string_view event, queue::Number number) const;

  void add(queue::Number number, void (Agenda::*insert)(const Due&));
};

}  // namespace qmail::send
