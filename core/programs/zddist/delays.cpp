#include "core/programs/zddist/delays.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "core/log/activity/record.h"
#include "core/log/activity/table.h"
#include "core/log/activity/tool.h"

namespace qmail {
namespace {

using activity::fixed;

constexpr std::size_t hundred = 100;
constexpr std::size_t least_shown = 10;

constexpr std::string_view explanation = R"(Distribution of ddelays for successful deliveries

Meaning of each line: The first pct% of successful deliveries
all happened within doneby seconds. The average ddelay was avg.

)";

/// Delays up to which this many in a hundred, rounded down, had happened.
struct Share {
  std::optional<double> least;
  double sum = 0, count = 0;  ///< of different delays, as stock counts them
};

std::array<Share, hundred + 1> shares_of(const std::vector<double>& sorted) {
  std::array<Share, hundred + 1> shares{};
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i + 1 < sorted.size() && sorted[i + 1] == sorted[i]) continue;
    Share& share = shares.at((i + 1) * hundred / sorted.size());
    share.least = std::min(share.least.value_or(sorted[i]), sorted[i]);
    share.sum += sorted[i];
    ++share.count;
  }
  return shares;
}

std::string lines_of(const std::array<Share, hundred + 1>& shares) {
  std::string lines;
  double sum = 0, count = 0;
  for (std::size_t percent = 0; percent <= hundred; ++percent) {
    const Share& share = shares.at(percent);
    sum += share.sum;
    count += share.count;
    if (percent >= least_shown && share.least && *share.least >= 0)
      lines += fixed(*share.least, 2) + " " + fixed(sum / count, 2) + " " + std::to_string(percent) + "\n";
  }
  return lines;
}

}  // namespace

void print_delays(int in, Writer& out) {
  std::vector<double> delays;
  activity::read_records(in, [&](std::string_view line) {
    const auto delivery = activity::parse_delivery_record(line);
    if (!delivery || delivery->outcome != activity::Outcome::success) return;
    // Stock hands them from one awk to the next as text.
    delays.push_back(activity::number_of(activity::printed(delivery->ddelay())));
  });
  std::sort(delays.begin(), delays.end());
  out.put(explanation);
  out.put(activity::align_columns("doneby avg pct\n" + lines_of(shares_of(delays))));
}

}  // namespace qmail
