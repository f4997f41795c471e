#include "core/programs/qmail-pw2u/accounts.h"

#include "core/base/text.h"

namespace qmail::pw2u {

std::optional<Account> parse_account(std::string_view line) {
  if (line.find('\0') != std::string_view::npos) return std::nullopt;
  const auto fields = split(line, ':');
  if (fields.size() < 7) return std::nullopt;
  std::string_view digits = fields[2];
  const bool starts_with_digit = !digits.empty() && digits.front() >= '0' && digits.front() <= '9';
  const auto uid = take_number<std::uint64_t>(digits);
  if (!uid && starts_with_digit) return std::nullopt;
  return Account{fields[0], fields[2], fields[3], fields[5], uid.value_or(0)};
}

}  // namespace qmail::pw2u
