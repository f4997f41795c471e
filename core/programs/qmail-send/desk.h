// What the rooms of qmail-send share: the store, the log, the settings, and what is due when.
#pragma once
#include <array>
#include <cstdint>
#include <string>

#include "core/base/clock.h"
#include "core/base/environment.h"
#include "core/base/fd.h"
#include "core/log/events.h"
#include "core/log/log.h"
#include "core/programs/qmail-send/schedule.h"
#include "core/programs/qmail-send/settings.h"
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
  Settings settings;

  std::int64_t now = 0;    ///< as of this round
  bool exit_asap = false;  ///< start nothing more; leave when what runs has ended

  std::array<DueQueue, 2> due = {};  ///< by channel: what to try next
  DueQueue done = {};                ///< preprocessed, without recipients left, or so it seems
  DueQueue unclear = {};             ///< its files could not be asked about

  std::array<log::Load, 2> load = {};  ///< by channel

  void log_status() { log.put(log::status(load[0], load[1], exit_asap)); }
  DueQueue& due_on(queue::Channel channel) { return due[static_cast<std::size_t>(channel)]; }
  /// Finds out what is left to do for a preprocessed message and makes it due.
  void add(queue::Number number);
  void warn(const queue::Trouble& trouble) { log.put(log::warning_file(trouble.what, trouble.file)); }
  void warn_later(const queue::Trouble& trouble) {
    log.put(log::warning_file_later(trouble.what, trouble.file));
  }
  /// Says so and sleeps, for what qmail-send cannot go on without.
  void sleep_after(const std::string& alert);
};

}  // namespace qmail::send
