// Which messages a command of qmail-qctl is about. qmail-qctl(8).
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/programs/qmail-qctl/pattern.h"
#include "core/queue/view/messages.h"

namespace qmail::qctl {

/// What is empty or none does not matter; of the rest all must hold, and of several in one list one.
struct Selection {
  std::vector<queue::Number> numbers = {};
  std::vector<Pattern> senders = {}, recipients = {}, headers = {}, bodies = {};
  std::vector<std::string> domains = {};
  std::optional<queue::Channel> channel = std::nullopt;
  std::optional<std::int64_t> older_seconds = std::nullopt, younger_seconds = std::nullopt;
  std::optional<std::uint64_t> larger_bytes = std::nullopt, smaller_bytes = std::nullopt;

  /// Nothing was said but, perhaps, numbers.
  bool is_open() const;
};

/// "90", "90s", "15m", "2h", "7d", "1w".
std::optional<std::int64_t> parse_seconds(std::string_view text);
/// "500", "64k", "2M", "1G".
std::optional<std::uint64_t> parse_bytes(std::string_view text);

/// Calls `visit` for each message of the queue that is selected, in the order of the view, and reads of each
/// only what decides. What vanishes meanwhile is not selected. Throws Failure as the view does.
void visit_selected(const queue::Layout& queue, const queue::view::ReadRouting& read_routing,
                    const Selection& selection, std::int64_t now, const queue::view::Visit& visit);

}  // namespace qmail::qctl
