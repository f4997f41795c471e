#include "core/format/tls_packets.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/text.h"

namespace qmail::tls {
namespace {

template <typename Value, std::size_t count>
using Words = std::array<std::pair<std::string_view, Value>, count>;

constexpr Words<Role, 2> roles{{{"server", Role::server}, {"client", Role::client}}};
constexpr Words<ClientCertificate, 3> client_certificates{{{"none", ClientCertificate::none},
                                                           {"ask", ClientCertificate::ask},
                                                           {"require", ClientCertificate::require}}};
constexpr Words<Verify, 4> verifications{
    {{"none", Verify::none}, {"ca", Verify::ca}, {"name", Verify::name}, {"sha256", Verify::sha256}}};
constexpr Words<Answer::Kind, 4> kinds{{{"secured", Answer::Kind::secured},
                                        {"failed", Answer::Kind::failed},
                                        {"unverified", Answer::Kind::unverified},
                                        {"refused", Answer::Kind::refused}}};

constexpr unsigned most_seconds = 3600;
constexpr std::size_t longest_name = 255;  // of a host, RFC 1035
constexpr std::size_t most_entries = 512;
/// What every fact's name starts with. A TLS process that somebody has taken over must not set others'
/// variables.
constexpr std::string_view fact_prefix = "SSL_";

template <typename Value, std::size_t count>
std::string word_of(const Words<Value, count>& words, Value value) {
  const auto* found =
      std::find_if(words.begin(), words.end(), [&](const auto& entry) { return entry.second == value; });
  return std::string(found->first);
}

template <typename Value, std::size_t count>
std::optional<Value> value_of(const Words<Value, count>& words, std::string_view word) {
  const auto* found =
      std::find_if(words.begin(), words.end(), [&](const auto& entry) { return entry.first == word; });
  if (found == words.end()) return std::nullopt;
  return found->second;
}

struct Packet {
  std::string_view word;
  Environment entries;
};

std::string encode_packet(const std::string& word, const Environment& entries) {
  std::string packet = word + '\0';
  for (const std::string& entry : entries.entries()) {
    // A value is cut where a variable would end.
    const std::string_view whole = std::string_view(entry).substr(0, entry.find('\0'));
    if (packet.size() + whole.size() + 1 > longest_packet) break;
    packet.append(whole) += '\0';
  }
  return packet;
}

std::optional<Packet> parse_packet(std::string_view bytes) {
  if (bytes.empty() || bytes.size() > longest_packet || bytes.back() != '\0') return std::nullopt;
  bytes.remove_suffix(1);
  const auto pieces = split(bytes, '\0');
  if (pieces.size() > most_entries) return std::nullopt;
  Packet packet{.word = pieces.front(), .entries = {}};
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    const std::size_t equals = pieces[i].find('=');
    if (equals == 0 || equals == std::string_view::npos) return std::nullopt;
    packet.entries.set(pieces[i].substr(0, equals), pieces[i].substr(equals + 1));
  }
  return packet;
}

bool are_facts(const Environment& entries) {
  return std::all_of(entries.entries().begin(), entries.entries().end(),
                     [](std::string_view entry) { return entry.starts_with(fact_prefix); });
}

bool is_hexadecimal(char c) { return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'f'); }

bool is_fingerprint(std::string_view text) {
  constexpr std::ptrdiff_t digits = 64;
  return std::count_if(text.begin(), text.end(), is_hexadecimal) == digits &&
         std::all_of(text.begin(), text.end(), [](char c) { return c == ':' || is_hexadecimal(c); });
}

bool is_fingerprint_list(std::string_view text) {
  const auto fingerprints = split(text, ',');
  return std::all_of(fingerprints.begin(), fingerprints.end(), is_fingerprint);
}

}  // namespace

bool makes_sense(const Request& request) {
  if (request.seconds == 0 || request.seconds > most_seconds) return false;
  if (request.role == Role::server) return true;
  if (request.name.size() > longest_name) return false;
  if (request.verify == Verify::name && request.name.empty()) return false;
  return request.verify != Verify::sha256 || is_fingerprint_list(request.sha256);
}

std::string encode_request(const Request& request) {
  Environment entries;
  entries.set("seconds", std::to_string(request.seconds));
  if (request.role == Role::server) {
    entries.set("client_certificate", word_of(client_certificates, request.client_certificate));
    if (request.tell_certificates) entries.set("certificates", "1");
  } else {
    entries.set("verify", word_of(verifications, request.verify));
    if (!request.name.empty()) entries.set("name", request.name);
    if (!request.sha256.empty()) entries.set("sha256", request.sha256);
  }
  return encode_packet(word_of(roles, request.role), entries);
}

std::optional<Request> parse_request(std::string_view bytes) {
  const auto packet = parse_packet(bytes);
  if (!packet) return std::nullopt;
  const Environment& entries = packet->entries;
  const auto role = value_of(roles, packet->word);
  const auto seconds = parse_number<unsigned>(entries.get("seconds"));
  const auto certificate = value_of(client_certificates, entries.get("client_certificate", "none"));
  const auto verify = value_of(verifications, entries.get("verify", "none"));
  if (!role || !seconds || !certificate || !verify) return std::nullopt;
  const Request request{.role = *role,
                        .seconds = *seconds,
                        .client_certificate = *certificate,
                        .tell_certificates = entries.find("certificates").has_value(),
                        .name = std::string(entries.get("name")),
                        .verify = *verify,
                        .sha256 = std::string(entries.get("sha256"))};
  return makes_sense(request) ? std::optional(request) : std::nullopt;
}

std::string encode_answer(const Answer& answer) {
  if (answer.kind == Answer::Kind::secured) return encode_packet(word_of(kinds, answer.kind), answer.facts);
  return encode_packet(word_of(kinds, answer.kind), {{"why", answer.why}});
}

std::optional<Answer> parse_answer(std::string_view bytes) {
  auto packet = parse_packet(bytes);
  if (!packet) return std::nullopt;
  const auto kind = value_of(kinds, packet->word);
  if (!kind) return std::nullopt;
  if (*kind != Answer::Kind::secured)
    return Answer{.kind = *kind, .why = std::string(packet->entries.get("why"))};
  if (!are_facts(packet->entries)) return std::nullopt;
  return Answer{.kind = *kind, .facts = std::move(packet->entries)};
}

}  // namespace qmail::tls
