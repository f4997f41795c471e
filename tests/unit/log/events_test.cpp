#include "core/log/events.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/base/fd.h"
#include "core/log/log.h"

namespace qmail::log {
namespace {

// The published interface of qmail-log(5). Programs of other people parse these lines.
constexpr std::string_view golden = R"(status: local 1/10 remote 2/20
status: local 0/10 remote 0/300 exitasap
status: exiting
new msg 457
info msg 457: bytes 18 from <a_b@c> qp 1200 uid 1001
bounce msg 457 qp 1201
triple bounce: discarding bounce/457
end msg 457
admin: delete msg 457
starting delivery 70000: msg 457 to local me_x@host
starting delivery 2: msg 457 to remote you@far
delivery 1: success: did_1+0+0/
delivery 2: failure: no_such_user/
delivery 3: deferral: _100__later_
delivery 4: report mangled, will defer
warning: internal error: delivery report out of range
alert: cannot start: unable to read controls
alert: oh no! lost qmail-clean connection! dying...
alert: oh no! lost spawn connection! dying...
alert: oh no! lost qmail-queue connection! dying...
alert: messages are left in the queue log; run qmail-qctl settle
alert: out of memory, sleeping...
alert: unable to opendir todo, sleeping...
alert: unable to append to bounce message; HELP! sleeping...
alert: unable to reread control/locals
alert: unable to sync log/segment/3: Input/output error
alert: live messages of log/segment/3 written anew into log/segment/4
alert: damaged record in log/segment/3, saved as log/damaged/7.4096
alert: damaged record in log/segment/3, unable to save it
alert: unable to read message 457 from log/segment/3
alert: messages do not go through the queue's log: unable to lock lock/logmutex: another owner
warning: messages go through the queue's log again
warning: the queue's log holds messages; starting again to deliver them
warning: nobody reads the JSON log any more; it ends here, until the next start
warning: trouble in select
warning: qmail-clean unable to clean up foop/457
warning: trouble injecting bounce message, will try later
warning: unable to start qmail-queue, will try later
warning: trouble marking local/20/457; message will be delivered twice!
warning: unable to utime local/20/457; message will be retried too soon
warning: unknown record type in todo/457
warning: unknown record type in local/20/457!
warning: unable to stat mess/20/457
warning: unable to stat info/20/457; will try again later
)";

TEST(Events, AreTheLinesOfTheManualPage) {
  const std::string lines =
      status({1, 10}, {2, 20}, false) + status({0, 10}, {0, 300}, true) + exiting() + new_message(457) +
      info_message(457, {.size_bytes = 18, .sender = "a b@c", .qp = 1200, .uid = 1001}) +
      bounce_message(457, 1201) + triple_bounce("bounce/457") + end_message(457) +
      administered(457, "delete") + starting_delivery(70000, 457, "local", "me\tx@host") +
      starting_delivery(2, 457, "remote", "you@far") + delivery_success(1, "did 1+0+0\n") +
      delivery_failure(2, "no such user\n") +
      delivery_deferral(3,
                        "\xff"
                        "100% later\x7f") +
      delivery_mangled(4) + delivery_out_of_range() + alert_cannot_start("unable to read controls") +
      alert_lost_clean() + alert_lost_spawn() + alert_lost_queue() + alert_left_in_log() +
      std::string(out_of_memory_alert) + alert_opendir("todo") + alert_bounce_append() +
      alert_reread("control/locals") + alert_log_trouble("sync", "log/segment/3", "Input/output error") +
      alert_log_rewritten("log/segment/3", "log/segment/4") +
      alert_log_damage("log/segment/3", "log/damaged/7.4096") + alert_log_damage("log/segment/3") +
      alert_log_unread(457, "log/segment/3") +
      alert_log_missing("unable to lock lock/logmutex: another owner") + warning_log_back() +
      warning_log_restart() + warning_twin_lost() + warning_select() + warning_clean_up("foop/457") +
      warning_injecting() + warning_queue_start() + warning_marking("local/20/457") +
      warning_utime("local/20/457") + warning_unknown_record("todo/457") +
      warning_unknown_recipient("local/20/457") + warning_file("unable to stat", "mess/20/457") +
      warning_file_later("unable to stat", "info/20/457");
  EXPECT_EQ(lines, golden);
}

TEST(Log, KeepsLinesUntilFlushed) {
  const Pipe pipe = Pipe::make();
  ::fcntl(pipe.read.get(), F_SETFL, O_NONBLOCK);
  Log log(pipe.write.get());
  log.put("one\n");
  log.put("two\n");
  char bytes[16];
  EXPECT_EQ(::read(pipe.read.get(), bytes, sizeof bytes), -1);
  log.flush();
  EXPECT_EQ(std::string(bytes, static_cast<std::size_t>(::read(pipe.read.get(), bytes, sizeof bytes))),
            "one\ntwo\n");
}

}  // namespace
}  // namespace qmail::log
