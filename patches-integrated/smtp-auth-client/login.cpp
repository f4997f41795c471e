#include "patches-integrated/smtp-auth-client/login.h"

#include <array>

#include "core/base/secret.h"
#include "core/base/text.h"
#include "core/format/base64.h"
#include "core/format/md5.h"
#include "core/format/scram.h"

namespace qmail::features::smtp_auth_client {
namespace {

constexpr std::uint64_t accepted = 235;
constexpr std::uint64_t asks = 334;

struct Named {
  std::string_view name;
  Mechanism mechanism;
  bool shows_password;
};

/// The best first.
constexpr std::array<Named, 4> mechanisms{{
    {"SCRAM-SHA-256", Mechanism::scram_sha_256, false},
    {"CRAM-MD5", Mechanism::cram_md5, false},
    {"PLAIN", Mechanism::plain, true},
    {"LOGIN", Mechanism::login, true},
}};

bool has_word(std::string_view words, std::string_view wanted) {
  for (const std::string_view word : split(words, ' '))
    if (equal_nocase(word, wanted)) return true;
  return false;
}

/// What stands behind the code.
std::string_view question_in(const smtpc::ServerReply& reply) {
  constexpr std::size_t code_and_separator = 4;
  const std::string_view line = std::string_view(reply.text).substr(0, reply.text.find('\n'));
  return line.substr(std::min(code_and_separator, line.size()));
}

}  // namespace

std::optional<Mechanism> choose(std::string_view offered, bool may_show_password) {
  for (const Named& one : mechanisms)
    if (has_word(offered, one.name) && (may_show_password || !one.shows_password)) return one.mechanism;
  return std::nullopt;
}

smtpc::Decision Login::run(Mechanism mechanism) {
  name_ = mechanisms[static_cast<std::size_t>(mechanism)].name;
  if (take_steps(mechanism)) return smtpc::go_on;
  return std::move(failure_.value());
}

bool Login::take_steps(Mechanism mechanism) {
  switch (mechanism) {
    case Mechanism::scram_sha_256: return scram_sha_256();
    case Mechanism::cram_md5: return cram_md5();
    case Mechanism::plain: return plain();
    case Mechanism::login: return login();
  }
  return false;
}

bool Login::plain() {
  return finish("AUTH PLAIN " + encode_base64('\0' + account_.user + '\0' + account_.password));
}

bool Login::login() {
  // Whatever it asks in whatever words, it is the name first and then the password.
  for (const std::string& line : {std::string("AUTH LOGIN"), encode_base64(account_.user)}) {
    const auto reply = connection_.session().command(line);
    if (!reply || reply->code != asks) return reject(reply);
  }
  return finish(encode_base64(account_.password));
}

bool Login::cram_md5() {
  const auto challenge = ask("AUTH CRAM-MD5");
  if (!challenge) return false;
  return finish(encode_base64(account_.user + " " + hexadecimal(hmac_md5(account_.password, *challenge))));
}

bool Login::scram_sha_256() {
  const auto first = scram::make_client_first(account_.user, make_nonce());
  const auto question = ask("AUTH SCRAM-SHA-256 " + encode_base64(first.gs2_header + first.bare));
  if (!question) return false;
  const auto wanted = scram::parse_server_first(*question);
  // A nonce that is not ours, or ours alone, is an old one that somebody plays to us.
  if (!wanted || !wanted->nonce.starts_with(first.nonce) || wanted->nonce == first.nonce)
    return fail("but what the server asked (AUTH SCRAM-SHA-256) makes no sense. (#4.7.0)");
  const std::string without_proof = scram::final_without_proof(first.gs2_header, wanted->nonce);
  const std::string text = scram::signed_text(first.bare, *question, without_proof);
  const std::string salted = scram::salted_password(account_.password, wanted->salt, wanted->iterations);
  const auto last = ask(encode_base64(scram::with_proof(without_proof, scram::client_proof(salted, text))));
  if (!last) return false;
  const auto signature = scram::parse_server_final(*last);
  if (!signature || !is_same_secret(*signature, scram::server_signature(scram::keys_of(salted).server, text)))
    return fail(
        "but the server does not know the password (AUTH SCRAM-SHA-256): it is not who we think. (#4.7.0)");
  return finish("");
}

std::optional<std::string> Login::ask(std::string_view line) {
  const auto reply = connection_.session().command(line);
  if (!reply || reply->code != asks) {
    reject(reply);
    return std::nullopt;
  }
  auto question = parse_base64(question_in(*reply));
  if (!question) fail("but what the server asked (AUTH " + name_ + ") makes no sense. (#4.7.0)");
  return question;
}

bool Login::finish(std::string_view line) {
  const auto reply = connection_.session().command(line);
  return reply && reply->code == accepted ? true : reject(reply);
}

bool Login::fail(std::string_view but) {
  // Not a word more than that the login is off: the server waits for an answer.
  connection_.session().command("*");
  failure_ = connection_.failure(but);
  return false;
}

bool Login::reject(const std::optional<smtpc::ServerReply>& reply) {
  failure_ = connection_.failure("but authentication was rejected (AUTH " + name_ + ")", reply);
  return false;
}

std::string Login::make_nonce() const {
  constexpr int words = 6;
  std::string bytes;
  for (int i = 0; i < words; ++i) {
    const std::uint32_t word = random_();
    for (unsigned shift = 0; shift < 32; shift += 8) bytes += static_cast<char>((word >> shift) & 0xff);
  }
  return encode_base64(bytes);
}

}  // namespace qmail::features::smtp_auth_client
