#include "core/accounts/claim.h"

#include <cerrno>
#include <unistd.h>

#include "core/base/failure.h"
#include "core/base/secret.h"

namespace qmail::accounts {
std::optional<std::string_view> take_part(std::string_view& bytes) {
  const std::size_t nul = bytes.find('\0');
  if (nul == std::string_view::npos) return std::nullopt;
  const std::string_view part = bytes.substr(0, nul);
  bytes.remove_prefix(nul + 1);
  return part;
}

std::optional<ClaimParts> parse_claim(std::string_view bytes) {
  const auto login = take_part(bytes);
  const auto password = take_part(bytes);
  if (!login || !password) return std::nullopt;
  return ClaimParts{*login, *password, take_part(bytes).value_or(bytes)};
}

Claim::Claim(const ClaimParts& parts) {
  // A string that grows would leave what it has outgrown.
  bytes_.reserve(parts.login.size() + parts.password.size() + parts.timestamp.size() + 3);
  for (const std::string_view part : {parts.login, parts.password, parts.timestamp})
    bytes_.append(part).push_back('\0');
}

bool Claim::receive(int fd, const std::string& label) {
  bytes_.resize(most_bytes + 1);
  std::size_t size = 0;
  while (size < bytes_.size()) {
    const ssize_t got = ::read(fd, bytes_.data() + size, bytes_.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Failure::system("read " + label);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > most_bytes) {
    forget();
    return false;
  }
  bytes_.resize(size);
  return true;
}

void Claim::copy(std::string_view bytes) {
  forget();
  bytes_.reserve(bytes.size());
  bytes_ = bytes;
}

void Claim::forget() noexcept { wipe(bytes_); }

}  // namespace qmail::accounts
