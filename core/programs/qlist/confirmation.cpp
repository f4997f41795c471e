#include "core/programs/qlist/confirmation.h"

#include <algorithm>

#include "core/base/secret.h"
#include "core/base/text.h"
#include "core/format/sha256.h"

namespace qmail::qlist {
namespace {

constexpr std::string_view opening = "confirm";
constexpr std::string_view blanks = " \t\r\n";
constexpr std::size_t proof_bytes = 16;
constexpr std::int64_t day = 86400;

std::string_view take_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  const std::string_view word = text.substr(0, text.find_first_of(blanks));
  text.remove_prefix(word.size());
  return word;
}

std::optional<Action> action_of(std::string_view word) {
  for (const Action action : {Action::subscribe, Action::unsubscribe})
    if (equal_nocase(word, word_for(action))) return action;
  return std::nullopt;
}

}  // namespace

std::string_view word_for(Action action) { return action == Action::subscribe ? "subscribe" : "unsubscribe"; }

std::string text_of(const Confirmation& confirmation) {
  return std::string(opening) + " " + std::string(word_for(confirmation.action)) + " " +
         std::to_string(confirmation.issued) + "." + confirmation.proof + " " + confirmation.address;
}

std::optional<Confirmation> parse_confirmation(std::string_view text) {
  if (!equal_nocase(text.substr(0, text.find_first_of(blanks)), opening)) return std::nullopt;
  text.remove_prefix(opening.size());
  const auto action = action_of(take_word(text));
  std::string_view stamp = take_word(text);
  const auto issued = take_number<std::uint32_t>(stamp);
  const std::string_view address = take_word(text);
  if (!action || !issued || stamp.size() != 1 + 2 * proof_bytes || stamp.front() != '.' || address.empty())
    return std::nullopt;
  return Confirmation{
      .action = *action, .issued = *issued, .address = std::string(address), .proof = lower(stamp.substr(1))};
}

std::optional<Confirmation> find_confirmation(std::string_view text) {
  while (!text.empty()) {
    if (auto found = parse_confirmation(text)) return found;
    text.remove_prefix(std::min(text.find_first_of(blanks), text.size()));
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  }
  return std::nullopt;
}

std::string proof_of(const Confirmation& confirmation, std::string_view list, std::string_view key) {
  // No NUL can stand in any of them.
  std::string what(word_for(confirmation.action));
  what.append(1, '\0').append(std::to_string(confirmation.issued));
  what.append(1, '\0').append(lower(list));
  what.append(1, '\0').append(confirmation.address);
  return hexadecimal(hmac_sha256(key, what).substr(0, proof_bytes));
}

bool is_valid(const Confirmation& confirmation, std::string_view list, std::string_view key,
              std::int64_t now) {
  return is_same_secret(confirmation.proof, proof_of(confirmation, list, key)) &&
         now - confirmation.issued < valid_days * day;
}

}  // namespace qmail::qlist
