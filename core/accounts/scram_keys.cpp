#include "core/accounts/scram_keys.h"

#include "core/base/random.h"
#include "core/base/secret.h"
#include "core/base/text.h"
#include "core/format/base64.h"
#include "core/format/scram.h"
#include "core/format/sha256.h"

namespace qmail::accounts {
namespace {

constexpr std::size_t salt_size = 16;
constexpr std::size_t digest_size = 32;
/// More than RFC 7677 asks for: the work of each login for a client, and of each guess for whoever has stolen
/// the keys.
constexpr unsigned usual_iterations = 10'000;

std::optional<std::string> parse_digest(std::string_view text) {
  auto digest = parse_base64(text);
  return digest && digest->size() == digest_size ? digest : std::nullopt;
}

}  // namespace

std::string text_of(const Salting& salting) {
  return std::to_string(salting.iterations) + "," + encode_base64(salting.salt);
}

std::optional<Salting> parse_salting(std::string_view text) {
  const auto parts = split(text, ',');
  if (parts.size() != 2) return std::nullopt;
  const auto iterations = parse_number<unsigned>(parts[0]);
  const auto salt = parse_base64(parts[1]);
  if (!iterations || *iterations < scram::fewest_iterations || *iterations > scram::most_iterations)
    return std::nullopt;
  if (!salt || salt->empty()) return std::nullopt;
  return Salting{*salt, *iterations};
}

Salting likely_salting(std::string_view login, std::string_view secret) {
  return {hmac_sha256(secret, login).substr(0, salt_size), usual_iterations};
}

ScramKeys make_scram_keys(std::string_view password) {
  Salting salting{random_bytes(salt_size), usual_iterations};
  std::string salted = scram::salted_password(password, salting.salt, salting.iterations);
  scram::Keys keys = scram::keys_of(salted);
  wipe(salted);
  return {std::move(salting), std::move(keys.stored), std::move(keys.server)};
}

std::string text_of(const ScramKeys& keys) {
  return text_of(keys.salting) + "," + encode_base64(keys.stored) + "," + encode_base64(keys.server);
}

std::optional<ScramKeys> parse_scram_keys(std::string_view text) {
  const auto parts = split(text, ',');
  if (parts.size() != 4) return std::nullopt;
  const auto salting = parse_salting(text.substr(0, parts[0].size() + 1 + parts[1].size()));
  const auto stored = parse_digest(parts[2]);
  const auto server = parse_digest(parts[3]);
  if (!salting || !stored || !server) return std::nullopt;
  return ScramKeys{*salting, *stored, *server};
}

std::optional<std::string> answer_to_proof(const ClaimParts& claim, const ScramKeys& keys) {
  const auto proof = parse_digest(claim.password);
  // Without what both sign a proof would be good for ever.
  if (!proof || claim.timestamp.empty()) return std::nullopt;
  const std::string stored = scram::stored_key_of_prover(*proof, keys.stored, claim.timestamp);
  if (!is_same_secret(stored, keys.stored)) return std::nullopt;
  return scram::server_final(scram::server_signature(keys.server, claim.timestamp));
}

}  // namespace qmail::accounts
