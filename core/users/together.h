// Deliveries to one user that a worker of the resident qmail-local makes together, so that they share what
// syncing they can: what qmail-lspawn gives it, and what it says afterwards.
// docs/internals/spawn-protocol.md.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qmail::users {

/// In place of the first argument; then come "--" and those of qmail-local(8) for each delivery, one after
/// the other. The messages are the descriptors 0, 1, 2 ...
inline constexpr std::string_view together = "--together";
inline constexpr std::size_t local_arguments_each = 9;
inline constexpr std::size_t most_together = 15;

/// What became of one of them.
struct LocalOutcome {
  /// Of a qmail-local of its own; none: it is not of the kind that can be made together, and nothing of it
  /// was done.
  std::optional<int> exit_code = std::nullopt;
  std::string output = {};  ///< holds no NUL
};

/// For each an octet and its output, ended by NUL.
std::string outcome_bytes(const std::vector<LocalOutcome>& outcomes);
/// None if it is not of exactly `count` outcomes.
std::optional<std::vector<LocalOutcome>> parse_outcomes(std::string_view bytes, std::size_t count);

}  // namespace qmail::users
