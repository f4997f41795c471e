// What is said to qmail-authd and by it, one packet each on a SOCK_SEQPACKET socket. qmail-authd(8).
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/accounts/claim.h"
#include "core/accounts/scram_keys.h"
#include "core/base/environment.h"
#include "core/base/spawn.h"
#include "core/format/ip.h"

namespace qmail::accounts {

/// "ADDRESS NUL CLAIM": who claims it, from where. Without an address there is nobody to slow down. With
/// "salt NUL" in front it is asked how the password was salted, and the claim's is empty.
struct AuthQuestion {
  std::optional<Ip> address;
  std::string_view claim;  ///< as on descriptor 3
  bool wants_salt = false;
};
inline constexpr std::string_view salt_word = "salt";
inline constexpr std::size_t longest_address = 45;
inline constexpr std::size_t longest_question =
    salt_word.size() + 1 + longest_address + 1 + Claim::most_bytes;

/// With the claim's NULs to its end. Whoever keeps it wipes it.
std::string encode_question(const AuthQuestion& question);
/// None if it is too long, the address is none, or the claim has no login and password.
std::optional<AuthQuestion> parse_question(std::string_view packet);

/// What a checker has become: "UID NUL GID NUL DIRECTORY NUL", and each variable with a NUL behind it.
struct AuthUser {
  Identity identity;
  std::string directory;
  Environment environment;
};
inline constexpr std::size_t longest_user = 4095;

std::string encode_user(const AuthUser& user);
std::optional<AuthUser> parse_user(std::string_view bytes);

/// "y" and the user, "n", or "l"; or "s" and how the password was salted.
struct AuthAnswer {
  enum class Verdict : char { yes = 'y', no = 'n', later = 'l', salt = 's' };
  Verdict verdict = Verdict::later;
  std::optional<AuthUser> user = std::nullopt;  ///< of a yes
  Salting salting = {};                         ///< of a salt
};
inline constexpr std::size_t longest_answer = longest_user + 1;

std::string encode_answer(const AuthAnswer& answer);
std::optional<AuthAnswer> parse_answer(std::string_view packet);

}  // namespace qmail::accounts
