// A client's end of AUTH: RFC 4954, RFC 4616 (PLAIN), RFC 2195 (CRAM-MD5), RFC 5802 (SCRAM-SHA-256), and
// LOGIN.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/random.h"
#include "core/smtp/client_hook.h"
#include "patches-integrated/smtp-auth-client/account.h"

namespace qmail::features::smtp_auth_client {

enum class Mechanism { scram_sha_256, cram_md5, plain, login };

/// The best of those that a server offers: the words behind AUTH. Those that show the password only if they
/// may.
std::optional<Mechanism> choose(std::string_view offered, bool may_show_password);

/// One login on one connection.
class Login {
 public:
  using Random = std::function<std::uint32_t()>;
  Login(smtpc::Connection& connection, const Account& account, Random random = random_number)
      : connection_(connection), account_(account), random_(std::move(random)) {}

  /// Goes on if the server has accepted us, and with SCRAM has shown that it knows the password, too.
  smtpc::Decision run(Mechanism mechanism);

 private:
  bool take_steps(Mechanism mechanism);
  bool plain();
  bool login();
  bool cram_md5();
  bool scram_sha_256();

  /// Says a line. What the server asks then, decoded; none: it asks nothing, and failure_ says so.
  std::optional<std::string> ask(std::string_view line);
  /// Says the last line; true if the server accepts us.
  bool finish(std::string_view line);
  bool fail(std::string_view but);
  bool reject(const std::optional<smtpc::ServerReply>& reply);
  std::string make_nonce() const;

  smtpc::Connection& connection_;
  const Account& account_;
  Random random_;
  std::string name_;  ///< of the mechanism
  std::optional<smtpc::Refusal> failure_;
};

}  // namespace qmail::features::smtp_auth_client
