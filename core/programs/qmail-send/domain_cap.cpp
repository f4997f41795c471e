#include "core/programs/qmail-send/domain_cap.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"

namespace qmail::send {
namespace {

/// In qmail-remote's reports: no connection, a connection that died, and a host that closes it.
constexpr std::array<std::string_view, 3> signs_of_refusal{"(#4.4.1)", "(#4.4.2)", "Remote host said: 421"};

}  // namespace

std::optional<std::size_t> DomainLimits::of(std::string_view domain) const {
  const auto found = find_by_suffix(domain, [&](std::string_view key) { return by_domain.find(key); });
  const auto limit = found ? parse_number<std::size_t>(*found) : std::nullopt;
  return limit.value_or(0) > 0 ? limit : std::nullopt;
}

Reception reception_of(std::string_view report) {
  if (report.starts_with('K') || report.starts_with('D')) return Reception::served;
  const auto is_in_report = [&](std::string_view sign) {
    return report.find(sign) != std::string_view::npos;
  };
  const bool is_refusal = std::any_of(signs_of_refusal.begin(), signs_of_refusal.end(), is_in_report);
  return report.starts_with('Z') && is_refusal ? Reception::refused : Reception::unknown;
}

void DomainCap::serve() {
  if (is_whole() || ++served_ < now_) return;
  served_ = 0;
  ++now_;
}

void DomainCap::refuse(std::uint64_t serial, std::uint64_t last, std::size_t running) {
  served_ = 0;
  if (serial <= cut_at_) return;
  cut_at_ = last;
  now_ = std::max<std::size_t>(1, std::min(now_, running) / 2);
}

}  // namespace qmail::send
