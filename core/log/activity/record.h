// What matchup(1) writes, and numbers as the awk scripts of stock qmailanalog read and print them.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "core/log/activity/event.h"

namespace qmail::activity {

/// The number at the front of `word`; 0 if there is none.
double number_of(std::string_view word);
/// Without a fraction if it has none, else with six significant digits.
std::string printed(double value);
std::string fixed(double value, int digits);

/// "m birth done bytes nk nd nz <sender> qp uid"
struct MessageRecord {
  std::string_view birth = {}, end = {}, bytes = {}, successes = {}, failures = {}, deferrals = {};
  std::string_view sender = {}, qp = {}, uid = {};

  double queue_time() const { return number_of(end) - number_of(birth); }
  double recipients() const { return number_of(successes) + number_of(failures); }
  double tries() const { return recipients() + number_of(deferrals); }
};
std::optional<MessageRecord> parse_message_record(std::string_view line);

/// "d result birth dstart ddone bytes <sender> chan.recip qp uid reason"
struct DeliveryRecord {
  Outcome outcome = Outcome::success;
  std::string_view birth = {}, start = {}, end = {}, bytes = {}, sender = {}, recipient = {}, qp = {},
                   uid = {}, reason = {};

  /// From the birth of the message to the end of the delivery.
  double ddelay() const { return number_of(end) - number_of(birth); }
  /// How long the delivery took.
  double xdelay() const { return number_of(end) - number_of(start); }
};
std::optional<DeliveryRecord> parse_delivery_record(std::string_view line);

}  // namespace qmail::activity
