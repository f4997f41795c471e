#include "core/accounts/crypt.h"

#include <array>
#include <cerrno>
#include <crypt.h>
#include <cstring>
#include <memory>

#include "core/base/failure.h"
#include "core/base/secret.h"

namespace qmail::accounts {
namespace {

constexpr const char* yescrypt = "$y$";

bool has_nul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

/// What libcrypt makes of them; none, with errno set, if it cannot.
std::optional<std::string> encrypt(std::string_view password, const std::string& setting) {
  // It works in 32 KB, which hold the password afterwards.
  const auto room = std::make_unique<crypt_data>();
  std::string phrase;
  phrase.reserve(password.size() + 1);
  phrase = password;
  const char* made = ::crypt_r(phrase.c_str(), setting.c_str(), room.get());
  const int error = errno;
  std::optional<std::string> hash;
  // "*0" and "*1" are how it says no.
  if (made != nullptr && *made != '*') hash = made;
  ::explicit_bzero(room.get(), sizeof *room);
  wipe(phrase);
  errno = error;
  return hash;
}

std::string new_setting() {
  std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> setting{};
  if (::crypt_gensalt_rn(yescrypt, 0, nullptr, 0, setting.data(), static_cast<int>(setting.size())) ==
      nullptr)
    throw Failure::system("make a salt");
  return setting.data();
}

}  // namespace

bool can_match(std::string_view hash) {
  return !hash.empty() && hash.front() != '*' && hash.front() != '!' && !has_nul(hash);
}

bool is_password(std::string_view password, const std::optional<std::string_view>& hash) {
  if (!hash || !can_match(*hash) || has_nul(password)) {
    static_cast<void>(encrypt(password, new_setting()));
    return false;
  }
  const auto made = encrypt(password, std::string(*hash));
  return made && is_same_secret(*made, *hash);
}

std::string hash_password(std::string_view password) {
  if (password.empty()) throw Failure(Exit::permanent, "a password cannot be empty");
  if (has_nul(password)) throw Failure(Exit::permanent, "a password cannot have a NUL");
  auto hash = encrypt(password, new_setting());
  if (hash) return std::move(*hash);
  if (errno == ERANGE)
    throw Failure(Exit::permanent,
                  "a password can have " + std::to_string(CRYPT_MAX_PASSPHRASE_SIZE - 1) + " bytes at most");
  throw Failure::system("hash a password");
}

}  // namespace qmail::accounts
