// The file maildirsize of a Maildir++: how much may be in a maildir, and how much is. maildir(5);
// https://www.courier-mta.org/imap/README.maildirquota.html
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qmail {

/// How much, in bytes and in messages. Of what is there it may be wrong, even negative.
struct MaildirAmount {
  std::int64_t bytes = 0;
  std::int64_t messages = 0;
  bool operator==(const MaildirAmount&) const = default;
};

/// "10000000S,1000C": 0 is no limit.
struct MaildirQuota {
  MaildirAmount most;

  /// The whole of `text`. None if it limits nothing or makes no sense.
  static std::optional<MaildirQuota> parse(std::string_view text);
  std::string text() const;
  bool is_exceeded_by(const MaildirAmount& amount) const;
  /// True if that much of either limit is used.
  bool is_used_to(unsigned percent, const MaildirAmount& amount) const;
  bool operator==(const MaildirQuota&) const = default;
};

/// All of the file.
struct MaildirSize {
  MaildirQuota quota;
  MaildirAmount amount;        ///< the sum of all lines
  std::size_t line_count = 0;  ///< without the one of the quota
};

/// None if it makes no sense: it has to be made anew.
std::optional<MaildirSize> parse_maildir_size(std::string_view text);
/// A line to append.
std::string maildir_size_line(const MaildirAmount& more);
/// A larger file is made anew: its lines are as good as one.
inline constexpr std::size_t longest_maildir_size = 5120;

/// What a message's file name ends with to tell its size: ",S=1234".
std::string size_mark(std::int64_t bytes);
/// The size that a name tells; none if it tells none.
std::optional<std::int64_t> size_in_name(std::string_view name);
/// True if the name says that the message is to be thrown away (flag T): it does not count.
bool is_trashed(std::string_view name);

}  // namespace qmail
