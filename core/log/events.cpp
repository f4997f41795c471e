#include "core/log/events.h"

#include <initializer_list>

namespace qmail::log {
namespace {

using Number = std::uint64_t;

std::string join(std::initializer_list<std::string_view> pieces) {
  std::string line;
  for (const std::string_view piece : pieces) line.append(piece);
  return line;
}

/// '%' is hidden too: lines may reach a printf-like logger.
bool is_safe(char c) { return c > ' ' && c < 127 && c != '%'; }

std::string text(const Load& load) { return std::to_string(load.used) + "/" + std::to_string(load.limit); }

std::string delivery(Number number, std::string_view outcome, std::string_view report) {
  return join({"delivery ", std::to_string(number), outcome, safe(report), "\n"});
}

}  // namespace

std::string safe(std::string_view bytes) {
  std::string result(bytes);
  for (char& c : result) {
    if (c == '\n') c = '/';
    if (!is_safe(c)) c = '_';
  }
  return result;
}

std::string status(Load local, Load remote, bool exit_asap) {
  return join({"status: local ", text(local), " remote ", text(remote), exit_asap ? " exitasap" : "", "\n"});
}

std::string exiting() { return "status: exiting\n"; }

std::string new_message(Number id) { return join({"new msg ", std::to_string(id), "\n"}); }

std::string info_message(Number id, const Origin& origin) {
  return join({"info msg ", std::to_string(id), ": bytes ", std::to_string(origin.size_bytes), " from <",
               safe(origin.sender), "> qp ", std::to_string(origin.qp), " uid ", std::to_string(origin.uid),
               "\n"});
}

std::string bounce_message(Number id, Number qp) {
  return join({"bounce msg ", std::to_string(id), " qp ", std::to_string(qp), "\n"});
}

std::string triple_bounce(std::string_view bounce_file) {
  return join({"triple bounce: discarding ", bounce_file, "\n"});
}

std::string end_message(Number id) { return join({"end msg ", std::to_string(id), "\n"}); }

std::string administered(Number id, std::string_view operation) {
  return join({"admin: ", operation, " msg ", std::to_string(id), "\n"});
}

std::string starting_delivery(Number number, Number id, std::string_view channel,
                              std::string_view recipient) {
  return join({"starting delivery ", std::to_string(number), ": msg ", std::to_string(id), " to ", channel,
               " ", safe(recipient), "\n"});
}

std::string delivery_success(Number number, std::string_view report) {
  return delivery(number, ": success: ", report);
}

std::string delivery_failure(Number number, std::string_view report) {
  return delivery(number, ": failure: ", report);
}

std::string delivery_deferral(Number number, std::string_view report) {
  return delivery(number, ": deferral: ", report);
}

std::string delivery_mangled(Number number) { return delivery(number, ": report mangled, will defer", ""); }

std::string delivery_out_of_range() { return "warning: internal error: delivery report out of range\n"; }

std::string alert_cannot_start(std::string_view reason) {
  return join({"alert: cannot start: ", reason, "\n"});
}

std::string alert_lost_clean() { return "alert: oh no! lost qmail-clean connection! dying...\n"; }
std::string alert_lost_spawn() { return "alert: oh no! lost spawn connection! dying...\n"; }
std::string alert_lost_queue() { return "alert: oh no! lost qmail-queue connection! dying...\n"; }
std::string alert_left_in_log() {
  return "alert: messages are left in the queue log; run qmail-qctl settle\n";
}

std::string alert_opendir(std::string_view directory) {
  return join({"alert: unable to opendir ", directory, ", sleeping...\n"});
}

std::string alert_bounce_append() { return "alert: unable to append to bounce message; HELP! sleeping...\n"; }

std::string alert_log_missing(std::string_view reason) {
  return join({"alert: messages do not go through the queue's log: ", reason, "\n"});
}

std::string warning_log_back() { return "warning: messages go through the queue's log again\n"; }

std::string warning_log_restart() {
  return "warning: the queue's log holds messages; starting again to deliver them\n";
}

std::string alert_reread(std::string_view what) { return join({"alert: unable to reread ", what, "\n"}); }

std::string alert_log_trouble(std::string_view what, std::string_view file, std::string_view reason) {
  return join({"alert: unable to ", what, " ", file, ": ", reason, "\n"});
}
std::string alert_log_rewritten(std::string_view file, std::string_view into) {
  return join({"alert: live messages of ", file, " written anew into ", into, "\n"});
}
std::string alert_log_damage(std::string_view file, std::string_view saved_as) {
  return join({"alert: damaged record in ", file, ", saved as ", saved_as, "\n"});
}
std::string alert_log_damage(std::string_view file) {
  return join({"alert: damaged record in ", file, ", unable to save it\n"});
}
std::string alert_log_unread(std::uint64_t id, std::string_view file) {
  return join({"alert: unable to read message ", std::to_string(id), " from ", file, "\n"});
}

std::string warning_twin_lost() {
  return "warning: nobody reads the JSON log any more; it ends here, until the next start\n";
}

std::string warning_select() { return "warning: trouble in select\n"; }

std::string warning_clean_up(std::string_view file) {
  return warning_file("qmail-clean unable to clean up", file);
}

std::string warning_injecting() { return "warning: trouble injecting bounce message, will try later\n"; }
std::string warning_queue_start() { return "warning: unable to start qmail-queue, will try later\n"; }

std::string warning_marking(std::string_view file) {
  return join({"warning: trouble marking ", file, "; message will be delivered twice!\n"});
}

std::string warning_utime(std::string_view file) {
  return join({"warning: unable to utime ", file, "; message will be retried too soon\n"});
}

std::string warning_unknown_record(std::string_view file) {
  return warning_file("unknown record type in", file);
}

std::string warning_unknown_recipient(std::string_view file) {
  return join({"warning: unknown record type in ", file, "!\n"});
}

std::string warning_file(std::string_view trouble, std::string_view file) {
  return join({"warning: ", trouble, " ", file, "\n"});
}

std::string warning_file_later(std::string_view trouble, std::string_view file) {
  return join({"warning: ", trouble, " ", file, "; will try again later\n"});
}

}  // namespace qmail::log
