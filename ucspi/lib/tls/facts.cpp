#include "ucspi/lib/tls/facts.h"

#include <algorithm>
#include <array>
#include <openssl/crypto.h>
#include <openssl/pem.h>
#include <string>
#include <string_view>

namespace qmail::ucspi {
namespace {

using Bytes = std::basic_string_view<unsigned char>;

constexpr std::array<std::pair<int, const char*>, 13> name_parts{{{NID_countryName, "C"},
                                                                  {NID_stateOrProvinceName, "ST"},
                                                                  {NID_localityName, "L"},
                                                                  {NID_organizationName, "O"},
                                                                  {NID_organizationalUnitName, "OU"},
                                                                  {NID_commonName, "CN"},
                                                                  {NID_title, "T"},
                                                                  {NID_initials, "I"},
                                                                  {NID_givenName, "G"},
                                                                  {NID_surname, "S"},
                                                                  {NID_description, "D"},
                                                                  {NID_userId, "UID"},
                                                                  {NID_pkcs9_emailAddress, "Email"}}};

std::string hexadecimal(Bytes bytes, std::string_view digits) {
  std::string text;
  for (const unsigned char byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

/// What the library writes.
template <typename Print>
std::string printed(Print print) {
  const Owned<BIO> out(BIO_new(BIO_s_mem()));
  if (!out) return "";
  print(out.get());
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(out.get(), &bytes);
  return size > 0 ? std::string(bytes, static_cast<std::size_t>(size)) : "";
}

std::string pem_of(X509* certificate) {
  return printed([&](BIO* out) { PEM_write_bio_X509(out, certificate); });
}

std::string time_text(const ASN1_TIME* time) {
  return printed([&](BIO* out) { ASN1_TIME_print(out, time); });
}

std::string long_name(int nid) {
  const char* const name = OBJ_nid2ln(nid);
  return nid == NID_undef || name == nullptr ? "UNKNOWN" : name;
}

/// "/C=DE/O=Example/CN=somebody", the form that scripts know; what is not printable as \xHH.
std::string whole_name(const X509_NAME* name) {
  char* const text = X509_NAME_oneline(name, nullptr, 0);
  const std::string result = text != nullptr ? text : "";
  OPENSSL_free(text);
  return result;
}

/// One part of a name, as the one line has it: printable.
std::string part_text(const ASN1_STRING* part) {
  return printed(
      [&](BIO* out) { ASN1_STRING_print_ex(out, part, ASN1_STRFLGS_UTF8_CONVERT | ASN1_STRFLGS_ESC_CTRL); });
}

void describe_name(const std::string& prefix, const X509_NAME* name, Environment& facts) {
  facts.set(prefix, whole_name(name));
  for (const auto& [nid, letters] : name_parts) {
    const int at = X509_NAME_get_index_by_NID(name, nid, -1);
    if (at < 0) continue;
    const X509_NAME_ENTRY* const entry = X509_NAME_get_entry(name, at);
    facts.set(prefix + "_" + letters, part_text(X509_NAME_ENTRY_get_data(entry)));
  }
}

/// `prefix` is SSL_SERVER or SSL_CLIENT.
void describe_certificate(const std::string& prefix, const X509* certificate, Environment& facts) {
  const ASN1_INTEGER* const serial = X509_get0_serialNumber(certificate);
  facts.set(prefix + "_M_VERSION", std::to_string(X509_get_version(certificate) + 1));
  facts.set(prefix + "_M_SERIAL",
            hexadecimal({ASN1_STRING_get0_data(serial), static_cast<std::size_t>(ASN1_STRING_length(serial))},
                        "0123456789ABCDEF"));
  facts.set(prefix + "_V_START", time_text(X509_get0_notBefore(certificate)));
  facts.set(prefix + "_V_END", time_text(X509_get0_notAfter(certificate)));
  facts.set(prefix + "_A_SIG", long_name(X509_get_signature_nid(certificate)));
  const EVP_PKEY* const key = X509_get0_pubkey(certificate);
  facts.set(prefix + "_A_KEY", key != nullptr ? long_name(EVP_PKEY_get_base_id(key)) : "UNKNOWN");
  describe_name(prefix + "_S_DN", X509_get_subject_name(certificate), facts);
  describe_name(prefix + "_I_DN", X509_get_issuer_name(certificate), facts);
}

/// Those behind the certificate itself, `first` of which is the first of the chain.
void tell_chain(const std::string& prefix, const STACK_OF(X509) * chain, int first, Environment& facts) {
  for (int i = first; i < sk_X509_num(chain); ++i)
    facts.set(prefix + "_CERT_CHAIN_" + std::to_string(i - first), pem_of(sk_X509_value(chain, i)));
}

/// A client can ask for any bytes.
bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

void describe_connection(SSL* connection, Environment& facts) {
  const SSL_CIPHER* const cipher = SSL_get_current_cipher(connection);
  int most_bits = 0;
  const int bits = SSL_CIPHER_get_bits(cipher, &most_bits);
  unsigned size = 0;
  const unsigned char* const id = SSL_SESSION_get_id(SSL_get0_session(connection), &size);
  const char* const name = SSL_get_servername(connection, TLSEXT_NAMETYPE_host_name);
  facts.set("SSL_PROTOCOL", SSL_get_version(connection));
  facts.set("SSL_CIPHER", SSL_CIPHER_get_name(cipher));
  facts.set("SSL_CIPHER_USEKEYSIZE", std::to_string(bits));
  facts.set("SSL_CIPHER_ALGKEYSIZE", std::to_string(most_bits));
  facts.set("SSL_CIPHER_EXPORT", bits < 56 ? "true" : "false");
  facts.set("SSL_SESSION_ID", hexadecimal({id, size}, "0123456789ABCDEF"));
  facts.set("SSL_SESSION_RESUMED", SSL_session_reused(connection) == 1 ? "Resumed" : "Initial");
  facts.set("SSL_VERSION_INTERFACE", "qmailkit");
  facts.set("SSL_VERSION_LIBRARY", OpenSSL_version(OPENSSL_VERSION));
  if (name != nullptr && is_printable(name)) facts.set("SSL_TLS_SNI", name);
}

}  // namespace

std::string fingerprint_of(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) return "";
  return hexadecimal({digest.data(), size}, "0123456789abcdef");
}

Environment facts_of(SSL* connection, const tls::Request& request) {
  const bool is_server = request.role == tls::Role::server;
  const Owned<X509> theirs(SSL_get1_peer_certificate(connection));
  X509* const server = is_server ? SSL_get_certificate(connection) : theirs.get();
  // Whether a server has looked at ours, a client does not learn.
  X509* const client = is_server ? theirs.get() : nullptr;
  Environment facts;
  describe_connection(connection, facts);
  if (is_server) facts.set("SSL_CLIENT_VERIFY", client != nullptr ? "SUCCESS" : "NONE");
  if (server != nullptr) describe_certificate("SSL_SERVER", server, facts);
  if (client != nullptr) describe_certificate("SSL_CLIENT", client, facts);
  if (!request.tell_certificates) return facts;
  if (server != nullptr) facts.set("SSL_SERVER_CERT", pem_of(server));
  if (client != nullptr) facts.set("SSL_CLIENT_CERT", pem_of(client));
  STACK_OF(X509)* own_chain = nullptr;
  SSL_get0_chain_certs(connection, &own_chain);
  const STACK_OF(X509)* const their_chain = SSL_get_peer_cert_chain(connection);
  // A server's chain, as a client sees it, begins with the server's own certificate.
  tell_chain("SSL_SERVER", is_server ? own_chain : their_chain, is_server ? 0 : 1, facts);
  if (is_server) tell_chain("SSL_CLIENT", their_chain, 0, facts);
  return facts;
}

}  // namespace qmail::ucspi
