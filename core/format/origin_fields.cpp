#include "core/format/origin_fields.h"

#include "core/base/text.h"
#include "core/format/datetime.h"

namespace qmail::header {

std::string date_field(std::int64_t now) { return "Date: " + rfc5322_date(now) + "\n"; }

std::string message_id_field(std::int64_t now, std::string_view unique, std::string_view host) {
  const DateTime t = DateTime::from(now);
  std::string field = "Message-ID: <" + std::to_string(t.year);
  for (const int part : {t.month, t.day, t.hour, t.minute, t.second})
    field += zero_padded(static_cast<std::uint64_t>(part), 2);
  return field.append(".").append(unique).append(".qmail@").append(host) + ">\n";
}

}  // namespace qmail::header
