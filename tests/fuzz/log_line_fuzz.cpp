// fuzzes: qmail_activity
#include <cstdint>
#include <cstdlib>

#include "core/base/text.h"
#include "core/log/activity/matcher.h"

namespace {

class AnyDate final : public qmail::Calendar {
 public:
  std::int64_t seconds(const qmail::LocalDate& date) override { return date.day - 2; }
};

class Printing final : public qmail::activity::Observer {
 public:
  void message_ended(const qmail::activity::Message&, const qmail::LogTime&) override {}
  void delivery_ended(const qmail::activity::Delivery& delivery, const qmail::activity::Message*,
                      const qmail::activity::Finished&, const qmail::LogTime&) override {
    if (delivery.recipient.empty()) std::abort();
  }
};

}  // namespace

/// What was read as a time and is written down is the same time.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  AnyDate calendar;
  qmail::LogLines lines(calendar);
  Printing observer;
  constexpr std::size_t most = 4;
  qmail::activity::Matcher matcher(observer, most);
  for (const std::string_view line : qmail::split({reinterpret_cast<const char*>(bytes), size}, '\n')) {
    const qmail::LogLine said = lines.take(line, line.size() % 3);
    if (said.kind != qmail::LogLine::Kind::said) continue;
    const std::string text = said.time.text();
    std::string_view written = text;
    if (qmail::take_log_time(written, calendar) != said.time || !written.empty()) std::abort();
    matcher.take(said);
  }
  if (matcher.messages().size() > most || matcher.deliveries().size() > most) std::abort();
  return 0;
}
