// Giving a connection to a resident TLS process: the program's side, without a TLS library, so that programs
// linked statically can use it. docs/internals/tls.md.
//
// It is the one L2 library beside dns that ucspi/ may use, and depends on no other: programs of ucspi/ start
// TLS with the first byte of a connection, features of SMTP in its midst.
#pragma once
#include <string>
#include <variant>

#include "core/base/clock.h"
#include "core/base/environment.h"
#include "core/base/fd.h"
#include "core/base/io.h"
#include "core/format/tls_packets.h"

namespace qmail::tls {

/// Below the home. The first is qmaild's and root's to use, the second qmailr's and root's.
inline constexpr const char* server_socket = "run/tls/server";
inline constexpr const char* client_socket = "run/tls/client";

/// The connection is secured. What it was read and written through before must not be used any more.
struct Secured {
  Fd plain;           ///< a socket, for both directions
  Environment facts;  ///< what was agreed on: tls-environ(5)
};

/// It is not, and of no use any more, unless nobody was there to take it.
struct NotSecured {
  enum class Reason {
    unavailable,  ///< no TLS process took the connection: not a byte of it was read or written
    refused,      ///< the process does not serve such a request, as it is configured
    failed,       ///< there was no agreement with the other side, or it was too slow, or it is gone
    unverified,   ///< the other side is not whom we wanted to talk to
  };
  Reason reason;
  std::string text;  ///< says why, in words for a log: printable, one line
};

using Outcome = std::variant<Secured, NotSecured>;

/// True if a TLS process of this role seems to be there, and we may ask it.
bool is_offered(const Directory& home, Role role);

/// `environment` as what is behind the secured connection is to have it: with its facts, and with none that
/// was told of an outer connection.
Environment with_facts(Environment environment, const Environment& facts);

/// Has the TLS process of this home and role secure the connection `in`, `out`, and waits for it.
Outcome secure(const Directory& home, const Request& request, int in, int out, const Clock& clock);

/// The same in the midst of a dialogue. `out` is flushed first. What `in` has read and nobody has used is
/// thrown away: it came before the handshake, from anybody, and must not be taken for what comes behind it
/// (RFC 3207, section 6). Both end with this call.
Outcome secure(const Directory& home, const Request& request, Reader& in, Writer& out, const Clock& clock);

/// Both in two steps, for who must know that a TLS process is there before the other side is promised
/// anything: a connection to the process, which takes no longer than `seconds`, and what is done with it.
std::variant<Fd, NotSecured> reach(const Directory& home, Role role, unsigned seconds);
/// `control` is that, or another SOCK_SEQPACKET socket with a TLS process at its other end.
Outcome secure_by(const Fd& control, const Request& request, int in, int out, const Clock& clock);
Outcome secure_by(const Fd& control, const Request& request, Reader& in, Writer& out, const Clock& clock);

}  // namespace qmail::tls
