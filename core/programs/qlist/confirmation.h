// The word of a subscriber that he wants what somebody asked for in his name. It carries its own proof, so
// that nothing has to be remembered of those who never answer. qlist(1).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qmail::qlist {

enum class Action { subscribe, unsubscribe };
std::string_view word_for(Action action);

struct Confirmation {
  Action action;
  std::int64_t issued;  ///< in seconds since 1970
  std::string address;
  std::string proof = "";  ///< that it was issued by who has the key
};

/// "confirm subscribe 1795824000.PROOF joe@remote.example": as it comes back in a Subject or on a line.
std::string text_of(const Confirmation& confirmation);
/// The one that `text` starts with, in whatever case its words are; none if it does not, proof or not.
std::optional<Confirmation> parse_confirmation(std::string_view text);
/// The first one in `text` that a word starts.
std::optional<Confirmation> find_confirmation(std::string_view text);

/// 32 hexadecimal digits.
std::string proof_of(const Confirmation& confirmation, std::string_view list, std::string_view key);
/// True if it was issued for `list` with this key, and not too long ago.
bool is_valid(const Confirmation& confirmation, std::string_view list, std::string_view key,
              std::int64_t now);

inline constexpr int valid_days = 7;

}  // namespace qmail::qlist
