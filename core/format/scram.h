// SCRAM-SHA-256 (RFC 5802, RFC 7677): a client proves that it knows a password to a server that keeps only
// what was made of it, and the server proves that it keeps that. The messages and the sums, for either side,
// without channel binding; SASL's base64 around them is base64.h.
//
//   client  n,,n=user,r=NONCE            ClientFirst
//   server  r=NONCE more,s=SALT,i=4096   ServerFirst
//   client  c=biws,r=NONCE more,p=PROOF  ClientFinal
//   server  v=SIGNATURE                  server_final
//
// Names and passwords are taken as the bytes they are: SASLprep changes no ASCII.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace qmail::scram {

/// With fewer a password is found too fast by whoever gets what was made of it; with more the other side is
/// made to calculate for seconds.
inline constexpr unsigned fewest_iterations = 4096;
inline constexpr unsigned most_iterations = 1'000'000;

/// The message is `gs2_header` and `bare`.
struct ClientFirst {
  std::string gs2_header;  ///< "n,," or "y,,", with "a=" and `acting_as` between the commas
  std::string bare;        ///< what the proofs are about
  std::string user;
  std::string nonce;
  std::string acting_as;  ///< empty: as `user`
};

/// Of a client that knows no channel binding. `nonce`: printable, without comma.
ClientFirst make_client_first(std::string_view user, std::string_view nonce);
/// None also for a client that insists on channel binding or on an extension.
std::optional<ClientFirst> parse_client_first(std::string_view message);

struct ServerFirst {
  std::string nonce;  ///< begins with the client's
  std::string salt;
  unsigned iterations = fewest_iterations;
  bool operator==(const ServerFirst&) const = default;
};

std::string encode_server_first(const ServerFirst& first);
/// None also if it wants too few iterations, too many, or an extension that it insists on.
std::optional<ServerFirst> parse_server_first(std::string_view message);

struct ClientFinal {
  std::string gs2_header;  ///< must be that of the first message
  std::string nonce;       ///< must be the server's
  std::string without_proof;
  std::string proof;  ///< 32 bytes
};

std::string final_without_proof(std::string_view gs2_header, std::string_view nonce);
std::string with_proof(std::string_view without_proof, std::string_view proof);
std::optional<ClientFinal> parse_client_final(std::string_view message);

std::string server_final(std::string_view signature);
/// The server's signature, 32 bytes; none if that is not what the message holds.
std::optional<std::string> parse_server_final(std::string_view message);

/// What both sign: `client_first_bare`, the server's first message, the client's last one without its proof.
std::string signed_text(std::string_view client_first_bare, std::string_view server_first,
                        std::string_view without_proof);

/// PBKDF2 (RFC 8018): 32 bytes, which are as good as the password.
std::string salted_password(std::string_view password, std::string_view salt, unsigned iterations);

/// What a server keeps of a password.
struct Keys {
  std::string stored;
  std::string server;
};

Keys keys_of(std::string_view salted_password);
std::string client_proof(std::string_view salted_password, std::string_view signed_text);
std::string server_signature(std::string_view server_key, std::string_view signed_text);
/// The stored key of whoever made `proof`: he knows the password if it is `stored`. Compare it with
/// is_same_secret().
std::string stored_key_of_prover(std::string_view proof, std::string_view stored,
                                 std::string_view signed_text);

}  // namespace qmail::scram
