#include "ucspi/lib/tls/certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include "core/base/failure.h"
#include "core/base/text.h"

namespace qmail::ucspi {
namespace {

const std::string folder = "control/";

std::string_view bytes_of(const Material& material, const std::string& name) {
  const auto found = material.find(name);
  return found == material.end() ? std::string_view() : std::string_view(found->second);
}

Owned<BIO> reader_of(std::string_view bytes) {
  return Owned<BIO>(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

/// Nobody is there to type a password.
int no_password(char*, int, int, void*) { return -1; }

/// The first certificate is the one to show, what follows is its chain.
void use_chain(SSL_CTX* context, std::string_view bytes, const std::string& label) {
  const Owned<BIO> reader = reader_of(bytes);
  const Owned<X509> own(PEM_read_bio_X509_AUX(reader.get(), nullptr, no_password, nullptr));
  if (!own)
    refuse(label + " holds no certificate (" + last_complaint() +
           "): put the certificate, its chain and its private key into it, in PEM form");
  if (SSL_CTX_use_certificate(context, own.get()) != 1)
    refuse(label + ": the certificate cannot be used (" + last_complaint() + "): get another one");
  while (Owned<X509> next{PEM_read_bio_X509(reader.get(), nullptr, no_password, nullptr)})
    if (SSL_CTX_add1_chain_cert(context, next.get()) != 1)
      refuse(label + ": the chain cannot be used (" + last_complaint() + "): get another one");
  const unsigned long end = ERR_peek_last_error();
  if (end != 0 && ERR_GET_REASON(end) != PEM_R_NO_START_LINE)
    refuse(label + ": the chain is damaged (" + last_complaint() +
           "): put the chain in PEM form behind the certificate");
  ERR_clear_error();
}

void use_key(SSL_CTX* context, const Material& material, const CertificateSource& source) {
  const bool has_own_file = material.contains(source.key_name);
  const std::string& file = has_own_file ? source.key_name : source.name;
  const Owned<BIO> reader = reader_of(bytes_of(material, file));
  const Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(reader.get(), nullptr, no_password, nullptr));
  if (!key)
    refuse(folder + file + " holds no private key that can be read (" + last_complaint() +
           "): put it there, without a password, or into " + folder + source.key_name);
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1)
    refuse("the private key in " + folder + file + " does not belong to the certificate in " + folder +
           source.name + " (" + last_complaint() + "): replace both");
}

}  // namespace

void refuse(const std::string& what) { throw Failure(Exit::permanent, what); }

std::string last_complaint() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* const reason = ERR_reason_error_string(code);
  if (reason != nullptr) return reason;
  return code == 0 ? "" : "error " + std::to_string(code);
}

void use_certificate(SSL_CTX* context, const Material& material, const CertificateSource& source) {
  ERR_clear_error();
  use_chain(context, bytes_of(material, source.name), folder + source.name);
  use_key(context, material, source);
}

void trust_authorities(SSL_CTX* context, const Material& material, const TlsFiles& files) {
  const std::string file = files.authorities;
  const bool is_told = files.role == tls::Role::server;
  ERR_clear_error();
  const Owned<BIO> reader = reader_of(bytes_of(material, file));
  const Owned<STACK_OF(X509_INFO)> found(PEM_X509_INFO_read_bio(reader.get(), nullptr, no_password, nullptr));
  int count = 0;
  for (int i = 0; found && i < sk_X509_INFO_num(found.get()); ++i) {
    X509* const authority = sk_X509_INFO_value(found.get(), i)->x509;
    if (authority == nullptr) continue;
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority) != 1 ||
        (is_told && SSL_CTX_add_client_CA(context, authority) != 1))
      refuse(folder + file + ": a certificate cannot be used (" + last_complaint() + "): take it out");
    ++count;
  }
  if (count == 0)
    refuse(folder + file + " holds no certificate (" + last_complaint() +
           "): put those of the authorities into it, in PEM form, or remove it");
}

std::vector<std::string> names_of_certificate(SSL_CTX* context) {
  std::vector<std::string> names;
  X509* const certificate = SSL_CTX_get0_certificate(context);
  const Owned<GENERAL_NAMES> found(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; found && i < sk_GENERAL_NAME_num(found.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(found.get(), i);
    if (name->type != GEN_DNS) continue;
    const ASN1_STRING* const text = name->d.dNSName;
    names.push_back(lower(std::string_view(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                                           static_cast<std::size_t>(ASN1_STRING_length(text)))));
  }
  return names;
}

std::optional<std::string> find_bad_date(SSL_CTX* context) {
  const X509* const certificate = SSL_CTX_get0_certificate(context);
  if (X509_cmp_current_time(X509_get0_notAfter(certificate)) <= 0) return "has expired";
  if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0) return "is not valid yet";
  return std::nullopt;
}

}  // namespace qmail::ucspi
