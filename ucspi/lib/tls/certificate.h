// Certificates and keys in PEM form, put where the TLS library wants them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ucspi/lib/tls/material.h"
#include "ucspi/lib/tls/owned.h"

namespace qmail::ucspi {

/// Where a certificate comes from: messages name the files.
struct CertificateSource {
  std::string name;      ///< of the file with the certificate
  std::string key_name;  ///< of the file that may hold its key
};

/// Has `context` use the certificate, its chain and its key. Throws Failure that says what is wrong with
/// which file, and what to do.
void use_certificate(SSL_CTX* context, const Material& material, const CertificateSource& source);

/// Trusts the authorities of `file`; a server tells its clients their names. Throws Failure if there are none
/// in it.
void trust_authorities(SSL_CTX* context, const Material& material, const TlsFiles& files);

/// The DNS names that the certificate of `context` is for, in lower case; may start with "*.".
std::vector<std::string> names_of_certificate(SSL_CTX* context);

/// Says that the certificate of `context` is over, or not yet valid; none if it is valid at the moment.
std::optional<std::string> find_bad_date(SSL_CTX* context);

/// Throws a Failure for what only the administrator can mend.
[[noreturn]] void refuse(const std::string& what);
/// What the TLS library last complained about; empty if it did not.
std::string last_complaint();

}  // namespace qmail::ucspi
