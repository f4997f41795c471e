// What was agreed on, as variables for programs and scripts: those of ucspi-ssl and mod_ssl. tls-environ(5).
#pragma once
#include "core/base/environment.h"
#include "core/format/tls_packets.h"
#include "ucspi/lib/tls/owned.h"

namespace qmail::ucspi {

/// Of a finished handshake. With `request.tell_certificates` the certificates themselves come last.
Environment facts_of(SSL* connection, const tls::Request& request);

/// SHA-256 of the certificate, 64 hexadecimal digits in lower case.
std::string fingerprint_of(const X509* certificate);

}  // namespace qmail::ucspi
