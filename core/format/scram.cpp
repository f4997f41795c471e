#include "core/format/scram.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/format/base64.h"
#include "core/format/sha256.h"

namespace qmail::scram {
namespace {

constexpr std::size_t digest_size = 32;

/// A name in a message: RFC 5802 section 5.1.
std::string encode_name(std::string_view name) {
  std::string text;
  for (const char c : name) text += c == ',' ? "=2C" : c == '=' ? "=3D" : std::string(1, c);
  return text;
}

std::optional<std::string> parse_name(std::string_view text) {
  std::string name;
  while (!text.empty()) {
    const bool is_escape = text.front() == '=';
    if (is_escape && !text.starts_with("=2C") && !text.starts_with("=3D")) return std::nullopt;
    name += !is_escape ? text.front() : text[1] == '2' ? ',' : '=';
    text.remove_prefix(is_escape ? 3 : 1);
  }
  if (name.empty() || name.find('\0') != std::string::npos) return std::nullopt;
  return name;
}

bool is_nonce(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

/// The value of the attribute that `message` begins with, taken off with the comma behind it; none, and
/// `message` unchanged, if it is not the one called `name`.
std::optional<std::string_view> take_attribute(std::string_view& message, char name) {
  if (message.size() < 2 || message[0] != name || message[1] != '=') return std::nullopt;
  const std::size_t comma = message.find(',');
  const std::string_view value = message.substr(2, comma == std::string_view::npos ? comma : comma - 2);
  message.remove_prefix(comma == std::string_view::npos ? message.size() : comma + 1);
  return value;
}

std::optional<std::string> take_bytes(std::string_view& message, char name) {
  const auto text = take_attribute(message, name);
  return text ? parse_base64(*text) : std::nullopt;
}

std::optional<std::string> take_nonce(std::string_view& message) {
  const auto text = take_attribute(message, 'r');
  return text && is_nonce(*text) ? std::optional(std::string(*text)) : std::nullopt;
}

/// The header in front of a client's messages, with its second comma.
std::optional<std::string_view> take_gs2_header(std::string_view& message) {
  if (!message.starts_with("n,") && !message.starts_with("y,")) return std::nullopt;
  const std::size_t comma = message.find(',', 2);
  if (comma == std::string_view::npos) return std::nullopt;
  const std::string_view header = message.substr(0, comma + 1);
  message.remove_prefix(header.size());
  return header;
}

/// Whom a header says the client wants to act as; empty: nobody else; none: it says something else.
std::optional<std::string> acting_as(std::string_view gs2_header) {
  std::string_view text = gs2_header.substr(2, gs2_header.size() - 3);
  if (text.empty()) return std::string();
  const auto name = take_attribute(text, 'a');
  return name ? parse_name(*name) : std::nullopt;
}

std::string xor_both(std::string bytes, std::string_view with) {
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(bytes[i] ^ with[i]);
  return bytes;
}

}  // namespace

ClientFirst make_client_first(std::string_view user, std::string_view nonce) {
  return {.gs2_header = "n,,",
          .bare = "n=" + encode_name(user) + ",r=" + std::string(nonce),
          .user = std::string(user),
          .nonce = std::string(nonce),
          .acting_as = ""};
}

std::optional<ClientFirst> parse_client_first(std::string_view message) {
  const auto header = take_gs2_header(message);
  const auto as = header ? acting_as(*header) : std::nullopt;
  if (!as) return std::nullopt;
  const std::string_view bare = message;
  // An extension that the client insists on would stand before its name: "m=".
  const auto text = take_attribute(message, 'n');
  const auto user = text ? parse_name(*text) : std::nullopt;
  const auto nonce = user ? take_nonce(message) : std::nullopt;
  if (!nonce) return std::nullopt;
  return ClientFirst{std::string(*header), std::string(bare), *user, *nonce, *as};
}

std::string encode_server_first(const ServerFirst& first) {
  return "r=" + first.nonce + ",s=" + encode_base64(first.salt) + ",i=" + std::to_string(first.iterations);
}

std::optional<ServerFirst> parse_server_first(std::string_view message) {
  const auto nonce = take_nonce(message);
  const auto salt = nonce ? take_bytes(message, 's') : std::nullopt;
  const auto text = salt && !salt->empty() ? take_attribute(message, 'i') : std::nullopt;
  const auto iterations = text ? parse_number<unsigned>(*text) : std::nullopt;
  if (!iterations || *iterations < fewest_iterations || *iterations > most_iterations) return std::nullopt;
  return ServerFirst{*nonce, *salt, *iterations};
}

std::string final_without_proof(std::string_view gs2_header, std::string_view nonce) {
  return "c=" + encode_base64(gs2_header) + ",r=" + std::string(nonce);
}

std::string with_proof(std::string_view without_proof, std::string_view proof) {
  return std::string(without_proof) + ",p=" + encode_base64(proof);
}

std::optional<ClientFinal> parse_client_final(std::string_view message) {
  constexpr std::string_view in_front = ",p=";
  const std::size_t end = message.rfind(in_front);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view without_proof = message.substr(0, end);
  const std::string_view proof_text = message.substr(end + in_front.size());
  const auto header = take_bytes(message, 'c');
  const auto nonce = header ? take_nonce(message) : std::nullopt;
  const auto proof = nonce ? parse_base64(proof_text) : std::nullopt;
  if (!proof || proof->size() != digest_size) return std::nullopt;
  return ClientFinal{*header, *nonce, std::string(without_proof), *proof};
}

std::string server_final(std::string_view signature) { return "v=" + encode_base64(signature); }

std::optional<std::string> parse_server_final(std::string_view message) {
  auto signature = take_bytes(message, 'v');
  return signature && signature->size() == digest_size ? signature : std::nullopt;
}

std::string signed_text(std::string_view client_first_bare, std::string_view server_first,
                        std::string_view without_proof) {
  std::string text(client_first_bare);
  return text.append(",").append(server_first).append(",").append(without_proof);
}

std::string salted_password(std::string_view password, std::string_view salt, unsigned iterations) {
  const std::string first_block("\0\0\0\1", 4);
  std::string last = hmac_sha256(password, std::string(salt) + first_block);
  std::string sum = last;
  for (unsigned i = 1; i < iterations; ++i) {
    last = hmac_sha256(password, last);
    sum = xor_both(std::move(sum), last);
  }
  return sum;
}

Keys keys_of(std::string_view salted_password) {
  return {sha256(hmac_sha256(salted_password, "Client Key")), hmac_sha256(salted_password, "Server Key")};
}

std::string client_proof(std::string_view salted_password, std::string_view signed_text) {
  const std::string key = hmac_sha256(salted_password, "Client Key");
  return xor_both(key, hmac_sha256(sha256(key), signed_text));
}

std::string server_signature(std::string_view server_key, std::string_view signed_text) {
  return hmac_sha256(server_key, signed_text);
}

std::string stored_key_of_prover(std::string_view proof, std::string_view stored,
                                 std::string_view signed_text) {
  if (proof.size() != digest_size) return "";
  return sha256(xor_both(std::string(proof), hmac_sha256(stored, signed_text)));
}

}  // namespace qmail::scram
