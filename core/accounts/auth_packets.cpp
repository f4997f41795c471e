#include "core/accounts/auth_packets.h"

#include "core/base/text.h"

namespace qmail::accounts {

std::string encode_question(const AuthQuestion& question) {
  std::string packet;
  // A string that grows would leave what it has outgrown.
  packet.reserve(longest_question);
  if (question.wants_salt) packet.append(salt_word).push_back('\0');
  if (question.address) packet += question.address->text();
  packet.append(1, '\0').append(question.claim);
  return packet;
}

std::optional<AuthQuestion> parse_question(std::string_view packet) {
  auto address = take_part(packet);
  const bool wants_salt = address == salt_word;
  if (wants_salt) address = take_part(packet);
  if (!address || address->size() > longest_address || packet.size() > Claim::most_bytes) return std::nullopt;
  const auto ip = Ip::parse(*address);
  if (!ip && !address->empty()) return std::nullopt;
  const auto claim = parse_claim(packet);
  if (!claim || (wants_salt && !claim->password.empty())) return std::nullopt;
  return AuthQuestion{ip, packet, wants_salt};
}

std::string encode_user(const AuthUser& user) {
  std::string bytes;
  const auto put = [&bytes](std::string_view part) { bytes.append(part).push_back('\0'); };
  put(std::to_string(user.identity.uid));
  put(std::to_string(user.identity.gid));
  put(user.directory);
  for (const std::string& variable : user.environment.entries()) put(variable);
  return bytes;
}

std::optional<AuthUser> parse_user(std::string_view bytes) {
  if (bytes.size() > longest_user) return std::nullopt;
  const auto uid = parse_number<uid_t>(take_part(bytes).value_or(""));
  const auto gid = parse_number<gid_t>(take_part(bytes).value_or(""));
  const auto directory = take_part(bytes);
  if (!uid || !gid || !directory || !directory->starts_with('/')) return std::nullopt;
  AuthUser user{{*uid, *gid}, std::string(*directory), {}};
  while (!bytes.empty()) {
    const auto variable = take_part(bytes);
    const std::size_t equals = variable ? variable->find('=') : std::string_view::npos;
    if (equals == std::string_view::npos || equals == 0) return std::nullopt;
    user.environment.set(variable->substr(0, equals), variable->substr(equals + 1));
  }
  return user;
}

std::string encode_answer(const AuthAnswer& answer) {
  std::string packet(1, static_cast<char>(answer.verdict));
  if (answer.user) packet += encode_user(*answer.user);
  if (answer.verdict == AuthAnswer::Verdict::salt) packet += text_of(answer.salting);
  return packet;
}

std::optional<AuthAnswer> parse_answer(std::string_view packet) {
  if (packet == "n") return AuthAnswer{.verdict = AuthAnswer::Verdict::no};
  if (packet == "l") return AuthAnswer{.verdict = AuthAnswer::Verdict::later};
  if (packet.starts_with('s')) {
    const auto salting = parse_salting(packet.substr(1));
    if (!salting) return std::nullopt;
    return AuthAnswer{.verdict = AuthAnswer::Verdict::salt, .salting = *salting};
  }
  if (!packet.starts_with('y')) return std::nullopt;
  auto user = parse_user(packet.substr(1));
  if (!user) return std::nullopt;
  return AuthAnswer{AuthAnswer::Verdict::yes, std::move(user)};
}

}  // namespace qmail::accounts
