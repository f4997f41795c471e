// What is said on descriptor 3 of a program that checks a password: who logs in, and how he proves it.
// https://cr.yp.to/checkpwd/interface.html
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace qmail::accounts {

inline constexpr int claim_fd = 3;

/// `login NUL password NUL timestamp NUL`; for a challenge, the response stands where a password would, and
/// the challenge where the timestamp would.
struct ClaimParts {
  std::string_view login;
  std::string_view password;
  std::string_view timestamp;
};

/// Takes what stands before the next NUL, and the NUL, off the front of `bytes`; none, and `bytes` unchanged,
/// if there is no NUL.
std::optional<std::string_view> take_part(std::string_view& bytes);

/// None if there are not at least a login and a password, each with its NUL. A timestamp may be missing, and
/// what follows it is kept for other uses.
std::optional<ClaimParts> parse_claim(std::string_view bytes);

/// The bytes, in one place, wiped when it is gone.
class Claim {
 public:
  static constexpr std::size_t most_bytes = 512;

  Claim() = default;
  explicit Claim(const ClaimParts& parts);
  ~Claim() { forget(); }
  Claim(const Claim&) = delete;
  Claim& operator=(const Claim&) = delete;

  /// Reads `fd` to its end, into an empty one. False, and nothing kept, if there are more than `most_bytes`.
  /// Throws Failure "unable to read LABEL".
  [[nodiscard]] bool receive(int fd, const std::string& label);
  /// The same with what is here already.
  void copy(std::string_view bytes);
  std::string_view bytes() const { return bytes_; }
  void forget() noexcept;

 private:
  std::string bytes_;
};

}  // namespace qmail::accounts
