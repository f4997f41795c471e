// What is kept of a password for SCRAM-SHA-256, so that nobody has to say it: core/format/scram.h. vida(5).
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/accounts/claim.h"

namespace qmail::accounts {

/// How a password was salted: what a client has to know before it can prove that it knows the password.
struct Salting {
  std::string salt = {};
  unsigned iterations = 0;
  bool operator==(const Salting&) const = default;
};

/// "ITERATIONS,SALT", the salt in base64.
std::string text_of(const Salting& salting);
/// None if a client would not take it either.
std::optional<Salting> parse_salting(std::string_view text);
/// The same for the same login and secret: for one that has no keys, or is nobody's. Others do not learn
/// that.
Salting likely_salting(std::string_view login, std::string_view secret);

struct ScramKeys {
  Salting salting = {};
  std::string stored = {};  ///< 32 bytes
  std::string server = {};  ///< 32 bytes
  bool operator==(const ScramKeys&) const = default;
};

/// With a new salt. Throws Failure.
ScramKeys make_scram_keys(std::string_view password);
/// "ITERATIONS,SALT,STOREDKEY,SERVERKEY", all but the first in base64.
std::string text_of(const ScramKeys& keys);
std::optional<ScramKeys> parse_scram_keys(std::string_view text);

/// The claim of who was shown a salting: the proof, in base64, stands where the password does, and where a
/// challenge would, what both sides sign. The server's last message if it is true.
std::optional<std::string> answer_to_proof(const ClaimParts& claim, const ScramKeys& keys);

/// By this name it is told by checkvida(8) to whoever has asked.
inline constexpr const char* scram_answer_variable = "SCRAM_SERVER_FINAL";

}  // namespace qmail::accounts
