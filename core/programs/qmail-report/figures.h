// Everything qmail-report(8) tells, gathered from one reading of the log in bounded memory.
#pragma once
#include <optional>

#include "core/log/activity/matcher.h"
#include "core/programs/qmail-report/delays.h"
#include "core/programs/qmail-report/heaviest.h"
#include "core/programs/qmail-report/volume.h"

namespace qmail::report {

class Figures final : public activity::Observer {
 public:
  /// Messages and deliveries that it can wait for the end of at a time.
  static constexpr std::size_t most_unfinished = 131072;

  /// Lines of before 1996, when there was no qmail, or of more than a day after `now` do not count.
  explicit Figures(std::int64_t now) : now_(now) {}

  void take(const LogLine& line);

  void message_born(const activity::Message& message) override;
  void message_ended(const activity::Message& message, const LogTime& end) override;
  void delivery_ended(const activity::Delivery& delivery, const activity::Message* message,
                      const activity::Finished& how, const LogTime& end) override;

  std::optional<std::int64_t> first, last;  ///< seconds since 1970
  std::uint64_t lines = 0, lines_not_understood = 0;
  std::uint64_t warnings = 0, alerts = 0;
  Sums queued;  ///< messages and bytes
  Sums done;    ///< messages that left, their bytes and their time in the queue
  Sums tried;   ///< deliveries, and their time
  Delays delays;
  Volume volume;
  Heaviest failure_reasons, deferral_reasons, trouble;  ///< by how often
  Heaviest hosts;                                       ///< by the time that deliveries to them took
  Heaviest senders;                                     ///< by messages

  std::uint64_t unfinished_messages() const { return matcher_.messages().size(); }
  std::uint64_t passed_over() const { return matcher_.passed_over(); }
  /// How many deliveries ran at a time; 0 if it cannot be said.
  double average_concurrency() const;

 private:
  bool is_plausible(const LogTime& time) const;
  void count_trouble(std::string_view text);

  std::int64_t now_;
  activity::Matcher matcher_{*this, most_unfinished};
};

}  // namespace qmail::report
