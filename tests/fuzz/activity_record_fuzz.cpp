// fuzzes: qmail_activity qmail-report.code
#include <cstdint>
#include <cstdlib>

#include "core/base/text.h"
#include "core/log/activity/record.h"
#include "core/log/activity/table.h"
#include "core/programs/qmail-report/markup.h"
#include "core/programs/qmail-report/reason.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

/// Every number can be printed, a table has as many lines as its text, and markup has only what it is to
/// have.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  namespace activity = qmail::activity;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  constexpr std::size_t most_shown = 4096;  // each column takes its width on every line
  std::string table("a b\n");
  for (const std::string_view line : qmail::split(text, '\n')) {
    if (const auto message = activity::parse_message_record(line))
      require(!activity::printed(message->queue_time()).empty());
    if (const auto delivery = activity::parse_delivery_record(line))
      require(!activity::fixed(delivery->xdelay(), 6).empty());
    if (table.size() < most_shown) table.append(line).append("\n");
    const std::string markup = qmail::report::escape(qmail::report::general_reason(line));
    require(markup.find_first_of("<>\"'") == std::string::npos);
  }
  const std::string aligned = activity::align_columns(table);
  require(qmail::split(aligned, '\n').size() == qmail::split(table, '\n').size());
  return 0;
}
