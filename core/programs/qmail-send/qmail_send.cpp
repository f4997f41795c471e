#include "core/programs/qmail-send/qmail_send.h"

#include <algorithm>
#include <cerrno>
#include <new>
#include <optional>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/failure.h"
#include "core/base/signals.h"
#include "core/programs/qmail-send/scheduler.h"
#include "core/queue/both_stores.h"
#include "core/queue/draft.h"

namespace qmail::send {
namespace {

constexpr unsigned no_memory_sleep_seconds = 10;

Failure cannot(const char* what) { return {Exit::temporary, what}; }

/// `open()`, or Failure with the words that stock has for it.
template <typename Open>
auto open_or(const char* what, Open open) {
  try {
    return open();
  } catch (const Failure&) {
    throw cannot(what);
  }
}

Fd lock_queue(const queue::Layout& layout) {
  Fd mutex(::openat(layout.fd(), queue::send_lock_name, O_WRONLY | O_NONBLOCK | O_CLOEXEC));
  if (!mutex) throw cannot("unable to open mutex");
  if (::flock(mutex.get(), LOCK_EX | LOCK_NB) < 0) throw cannot("qmail-send is already running");
  return mutex;
}

void set_signals() {
  signals::ignore(SIGPIPE);
  signals::set_default(SIGCHLD);
  // Let in only while waiting, so that none is missed between a look at its flag and the wait.
  for (const int number : {SIGTERM, SIGALRM, SIGHUP}) {
    signals::catch_flag(number);
    signals::block(number);
  }
}

/// Going on is better than forgetting what is under way: operator new tries again after this.
void wait_for_memory() {
  static_cast<void>(
      ::write(Connections{}.log, log::out_of_memory_alert.data(), log::out_of_memory_alert.size()) < 0);
  ::sleep(no_memory_sleep_seconds);
}

std::array<SpawnerLink, 2> connect(const Connections& connections, Settings& settings) {
  std::array<SpawnerLink, 2> links{SpawnerLink(connections.local_requests, connections.local_reports),
                                   SpawnerLink(connections.remote_requests, connections.remote_reports)};
  for (std::size_t channel = 0; channel < links.size(); ++channel)
    settings.concurrency[channel] = std::min(settings.concurrency[channel], links[channel].limit());
  return links;
}

}  // namespace

int send_mail(const SendWorld& world) {
  const Directory home =
      open_or("unable to switch to home directory", [&] { return Directory::open(world.home); });
  const Control control(open_or("unable to read controls", [&] { return home.sub("control"); }));
  Settings settings = open_or("unable to read controls", [&] { return read_settings(control); });
  const queue::Layout layout =
      open_or("unable to switch to queue directory", [&] { return queue::Layout::open(home); });
  set_signals();
  ::umask(077);
  const Fd lock = lock_queue(layout);
  auto links = connect(world.connections, settings);
  std::optional<log::Twin> twin;
  if (world.has_twin) twin.emplace(world.connections.twin, world.clock);
  log::Log log(world.connections.log, twin ? &*twin : nullptr);
  queue::Names names(layout);
  queue::StockStore stock(names);
  queue::LogStore log_mail;
  queue::BothStores store(log_mail, stock);
  Desk desk{.home = home,
            .environment = world.environment,
            .clock = world.clock,
            .log = log,
            .store = store,
            .log_mail = log_mail,
            .settings = std::move(settings),
            .exit_asap = world.settles,
            .is_settling = world.settles};
  std::set_new_handler(wait_for_memory);
  // An earlier qmail-send may have been killed between removing a todo and this.
  if (const auto trouble = queue::sync_removed_todo(layout)) desk.warn(*trouble);
  return Scheduler(desk, names, control, std::move(links), world.connections).run();
}

void report_on_start(const std::string& why) {
  log::Log(Connections{}.log).put(log::alert_cannot_start(why));
}

}  // namespace qmail::send
