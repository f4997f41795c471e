// Lists of users that other programs keep, to be taken over. Which one a file is shows in the number of its
// fields; where that is not clear it is not guessed.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/accounts/mail_user.h"
#include "core/accounts/poppasswd.h"

namespace qmail::user {

enum class Format {
  passwd,     ///< passwd(5): seven fields, the third and the fourth numbers
  poppasswd,  ///< poppasswd(5): four, the last one absolute
  cmd5,       ///< cmd5checkpw's: two, the second the password itself
  vida,       ///< a users.cdb of vida(5)
};

/// By the name in `--from`.
std::optional<Format> find_format(std::string_view name);

/// Somebody to take over. What is empty his list does not say.
struct Foreign {
  accounts::MailUser user = {};
  std::string password = {};  ///< itself, where the list has it
};

/// What the bytes are; or why that cannot be told.
std::variant<Format, std::string> detect_format(std::string_view bytes);
/// The users of a list of this format; or the line, counted from 1, that is wrong, 0 where there are no
/// lines.
std::variant<std::vector<Foreign>, accounts::poppasswd::Problem> parse_list(Format format,
                                                                            std::string_view bytes);

}  // namespace qmail::user
