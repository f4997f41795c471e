// Every line qmail-send writes, one function each. The text is a published interface: qmail-log(5).
// Each function gives one whole line with its newline; what comes from outside is made printable.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace qmail::log {

/// Deliveries under way on one channel, and the most there may be.
struct Load {
  std::size_t used = 0;
  std::size_t limit = 0;
};

/// `bytes` as the log shows them: newlines as '/', blanks, '%' and everything unprintable as '_'.
std::string safe(std::string_view bytes);

std::string status(Load local, Load remote, bool exit_asap);
std::string exiting();

std::string new_message(std::uint64_t id);
struct Origin {
  std::uint64_t size_bytes = 0;
  std::string_view sender = {};
  std::uint64_t qp = 0;
  std::uint64_t uid = 0;
};
std::string info_message(std::uint64_t id, const Origin& origin);
std::string bounce_message(std::uint64_t id, std::uint64_t qp);
std::string triple_bounce(std::string_view bounce_file);
std::string end_message(std::uint64_t id);

/// The administrator wants it so: `operation` is "delete", "hold" and so on. qmail-qctl(8).
std::string administered(std::uint64_t id, std::string_view operation);

/// `channel` is "local" or "remote".
std::string starting_delivery(std::uint64_t number, std::uint64_t id, std::string_view channel,
                              std::string_view recipient);
std::string delivery_success(std::uint64_t number, std::string_view report);
std::string delivery_failure(std::uint64_t number, std::string_view report);
std::string delivery_deferral(std::uint64_t number, std::string_view report);
std::string delivery_mangled(std::uint64_t number);
std::string delivery_out_of_range();

std::string alert_cannot_start(std::string_view reason);
std::string alert_lost_clean();
std::string alert_lost_spawn();
std::string alert_lost_queue();
/// Messages that could not be moved into the stock layout.
std::string alert_left_in_log();
/// A constant: where it is needed there is no memory to make it.
inline constexpr std::string_view out_of_memory_alert = "alert: out of memory, sleeping...\n";
std::string alert_opendir(std::string_view directory);
std::string alert_bounce_append();
/// `what` is "control/locals" or "control/virtualdomains".
std::string alert_reread(std::string_view what);
/// Nothing can be written to the queue's log, for this reason; messages go straight into the layout.
std::string alert_log_missing(std::string_view reason);
std::string warning_log_back();
std::string warning_log_restart();
/// Of the JSON twin.
std::string warning_twin_lost();
// Of the queue's log; files are named from the queue directory.
/// `what` is "write" or "sync".
std::string alert_log_trouble(std::string_view what, std::string_view file, std::string_view reason);
std::string alert_log_rewritten(std::string_view file, std::string_view into);
std::string alert_log_damage(std::string_view file, std::string_view saved_as);
/// It could not be saved.
std::string alert_log_damage(std::string_view file);
std::string alert_log_unread(std::uint64_t id, std::string_view file);

std::string warning_select();
std::string warning_clean_up(std::string_view file);
std::string warning_injecting();
std::string warning_queue_start();
std::string warning_marking(std::string_view file);
std::string warning_utime(std::string_view file);
/// A record of todo; the record of a channel's list has an exclamation mark behind it.
std::string warning_unknown_record(std::string_view file);
std::string warning_unknown_recipient(std::string_view file);
/// `trouble` is "unable to stat", "trouble writing to" and so on: what failed with `file`.
std::string warning_file(std::string_view trouble, std::string_view file);
/// The same, where qmail-send says that it will try again by itself.
std::string warning_file_later(std::string_view trouble, std::string_view file);

}  // namespace qmail::log
