// The lines of matchup(1) about one thing: xsender(1), xrecipient(1), xqp(1).
#pragma once
#include <functional>
#include <string_view>

#include "core/base/program.h"
#include "core/log/activity/record.h"

namespace qmail::activity {

/// Whether a line belongs to what the one argument names.
struct Selection {
  std::function<bool(const MessageRecord&, std::string_view name)> of_messages =
      nullptr;  ///< none: no message
  std::function<bool(const DeliveryRecord&, std::string_view name)> of_deliveries;
};

/// The work of a program that takes the name and copies the lines that belong to it. Throws UsageError.
int select_records(const Process& self, const Selection& selection);

}  // namespace qmail::activity
