// How many deliveries to one domain may run at a time: what control/concurrencydomain allows, and fewer while
// the domain's hosts refuse some.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/control/lookup.h"

namespace qmail::send {

/// control/concurrencydomain, as pairs of a domain and a number. qmail-send(8).
struct DomainLimits {
  NoCaseMap by_domain;

  /// None: no limit but concurrencyremote.
  std::optional<std::size_t> of(std::string_view domain) const;
};

/// How the hosts of a domain took a delivery.
enum class Reception { served, refused, unknown };
/// What a report, as qmail-rspawn(8) gives it, says about that. Refused: no connection, a connection that
/// died, or 421.
Reception reception_of(std::string_view report);

/// Halved by a refusal, but once only for all that was under way then; one more after as many served
/// deliveries as it allows at a time. Never under one.
class DomainCap {
 public:
  explicit DomainCap(std::size_t most) : most_(most), now_(most) {}

  std::size_t now() const { return now_; }
  bool is_whole() const { return now_ == most_; }
  void serve();
  /// `serial` of the refused delivery and `last` of all so far count up; `running` includes the refused one.
  void refuse(std::uint64_t serial, std::uint64_t last, std::size_t running);

 private:
  std::size_t most_, now_;
  std::size_t served_ = 0;    ///< since the last change
  std::uint64_t cut_at_ = 0;  ///< what started up to here was under way at the last cut
};

}  // namespace qmail::send
