// What a program and a TLS process say to each other: one packet each way on a Unix SOCK_SEQPACKET socket.
// docs/internals/tls.md.
//
//   packet := WORD entry...    entry := NAME "=" value    each ended by NUL
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/environment.h"

namespace qmail::tls {

inline constexpr std::size_t longest_packet = 65536;

enum class Role { server, client };

/// Whether a client is asked for a certificate, and whether it may go on without one.
enum class ClientCertificate { none, ask, require };

/// What is expected of a server's certificate.
enum class Verify {
  none,    ///< nothing
  ca,      ///< somebody we trust has signed it, whomever it is for
  name,    ///< the same, and it is for the name that was asked for (RFC 6125)
  sha256,  ///< it is the one with this fingerprint; who signed it, and when, means nothing
};

/// How a connection is to be secured. With it go three descriptors: the connection to read, the same to
/// write, and the end of a socket pair that is to carry the plain text.
struct Request {
  Role role = Role::server;
  unsigned seconds = 60;  ///< for the handshake, 1 to 3600
  // of a server
  ClientCertificate client_certificate = ClientCertificate::none;
  bool tell_certificates = false;  ///< the facts hold whole certificates, too
  // of a client
  std::string name = "";  ///< whom we want to talk to: goes into the SNI if it is no address
  Verify verify = Verify::none;
  std::string sha256 = "";  ///< fingerprints, separated by commas: 64 hexadecimal digits each, colons allowed

  bool operator==(const Request&) const = default;
};

std::string encode_request(const Request& request);
/// None if it is not one that encode_request() makes, or asks for what makes no sense.
std::optional<Request> parse_request(std::string_view packet);

/// False if it asks for what nobody can do: no time, a name that is too long or missing, no fingerprint.
bool makes_sense(const Request& request);

/// What came of it.
struct Answer {
  enum class Kind {
    secured,     ///< the plain text flows
    failed,      ///< there was no agreement with the other side, or it was too slow, or it is gone
    unverified,  ///< it is not whom we wanted to talk to
    refused,     ///< nothing was tried: the request cannot be served as things are configured
  };
  Kind kind = Kind::refused;
  Environment facts = {};  ///< of `secured`: what tls-environ(5) describes; every name starts with SSL_
  std::string why = "";    ///< of all others
};

/// Facts that would make the packet too long are left out, the last ones first.
std::string encode_answer(const Answer& answer);
std::optional<Answer> parse_answer(std::string_view packet);

}  // namespace qmail::tls
