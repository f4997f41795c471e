#include "patches-integrated/smtp-auth/exchange.h"

#include <array>

#include "core/base/random.h"
#include "core/base/secret.h"
#include "core/base/text.h"
#include "core/format/base64.h"
#include "core/format/scram.h"
#include "patches-integrated/smtp-auth/sasl.h"

namespace qmail::smtp_auth {
namespace {

using Verdict = accounts::AuthAnswer::Verdict;

constexpr int continues = 334;
constexpr std::size_t nonce_bytes = 18;
/// With a longer one of its own a client's proof would not fit into what a checker reads.
constexpr std::size_t longest_nonce = 100;

Attempt refused(std::string_view login) { return {std::string(login), {.answer = {.verdict = Verdict::no}}}; }

/// Nobody here acts for others.
bool is_for_another(std::string_view acting_as, std::string_view login) {
  return !acting_as.empty() && acting_as != login;
}

std::optional<Attempt> log_in_by_plain(Exchange& exchange, const Means& means) {
  auto text = exchange.ask("");
  if (!text) return std::nullopt;
  std::optional<Attempt> attempt;
  if (const auto message = parse_plain(*text)) {
    attempt = refused(message->login);
    if (!is_for_another(message->acting_as, message->login))
      attempt->finding = means.prover.check({message->login, message->password, ""});
  }
  wipe(*text);
  return attempt;
}

std::optional<Attempt> log_in_by_login(Exchange& exchange, const Means& means) {
  const auto login = exchange.ask("Username:");
  auto password = login ? exchange.ask("Password:") : std::nullopt;
  if (!password) return std::nullopt;
  std::optional<Attempt> attempt;
  if (is_word(*login) && is_word(*password))
    attempt = Attempt{*login, means.prover.check({*login, *password, ""})};
  wipe(*password);
  return attempt;
}

std::optional<Attempt> log_in_by_cram_md5(Exchange& exchange, const Means& means) {
  if (exchange.has_initial()) return std::nullopt;
  const std::string challenge = "<" + hexadecimal(random_bytes(nonce_bytes)) + "." +
                                std::to_string(means.clock.now()) + "@" + means.host + ">";
  const auto text = exchange.ask(challenge);
  const auto response = text ? parse_cram_response(*text) : std::nullopt;
  if (!response) return std::nullopt;
  return Attempt{std::string(response->login),
                 means.prover.check({response->login, response->digest, challenge})};
}

/// The proof is in, and is checked as any claim is; whoever has checked it has signed too.
std::optional<Attempt> conclude_scram(Exchange& exchange, const Means& means, const std::string& login,
                                      const scram::ClientFinal& final, std::string_view to_sign) {
  auto finding = means.prover.check({login, encode_base64(final.proof), to_sign});
  if (finding.answer.verdict != Verdict::yes) return Attempt{login, std::move(finding)};
  const std::string last(finding.answer.user->environment.get(accounts::scram_answer_variable));
  // Whoever let it in has taken the proof for a password.
  if (!scram::parse_server_final(last)) return refused(login);
  const auto nothing = exchange.ask(last);
  if (!nothing || !nothing->empty()) return std::nullopt;
  return Attempt{login, std::move(finding)};
}

std::optional<Attempt> log_in_by_scram(Exchange& exchange, const Means& means) {
  const auto text = exchange.ask("");
  const auto first = text ? scram::parse_client_first(*text) : std::nullopt;
  if (!first || first->nonce.size() > longest_nonce) return std::nullopt;
  if (is_for_another(first->acting_as, first->user)) return refused(first->user);
  const auto salting = means.prover.salting_of(first->user);
  if (!salting) return Attempt{first->user, {.answer = {}, .trouble = "there is no salt to be had"}};
  const scram::ServerFirst shown{first->nonce + encode_base64(random_bytes(nonce_bytes)), salting->salt,
                                 salting->iterations};
  const std::string server_first = scram::encode_server_first(shown);
  const auto final_text = exchange.ask(server_first);
  const auto final = final_text ? scram::parse_client_final(*final_text) : std::nullopt;
  if (!final) return std::nullopt;
  if (final->gs2_header != first->gs2_header || final->nonce != shown.nonce) return refused(first->user);
  const std::string to_sign = scram::signed_text(first->bare, server_first, final->without_proof);
  return conclude_scram(exchange, means, first->user, *final, to_sign);
}

constexpr std::array<Mechanism, 4> all_mechanisms{{
    {"SCRAM-SHA-256", &Offer::scram, log_in_by_scram},
    {"CRAM-MD5", &Offer::cram_md5, log_in_by_cram_md5},
    {"PLAIN", &Offer::plain, log_in_by_plain},
    {"LOGIN", &Offer::plain, log_in_by_login},
}};

}  // namespace

std::optional<std::string> Exchange::decode(std::string_view line) {
  if (line == "*") {
    refusal_ = {501, "auth exchange canceled (#5.0.0)"};
    return std::nullopt;
  }
  return parse_base64(line);
}

std::optional<std::string> Exchange::ask(std::string_view challenge) {
  if (const auto initial = std::exchange(initial_, std::nullopt))
    // "=" is an answer that is empty.
    return *initial == "=" ? std::string() : parse_base64(*initial);
  auto line = dialogue_.ask({continues, encode_base64(challenge)});
  if (!line) {
    refusal_ = {500, "authentication exchange line is too long (#5.5.6)"};
    return std::nullopt;
  }
  auto answer = decode(*line);
  wipe(*line);
  return answer;
}

std::span<const Mechanism> mechanisms() { return all_mechanisms; }

const Mechanism* find_mechanism(std::string_view name) {
  for (const Mechanism& mechanism : all_mechanisms)
    if (equal_nocase(mechanism.name, name)) return &mechanism;
  return nullptr;
}

}  // namespace qmail::smtp_auth
