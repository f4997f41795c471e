// Objects of the TLS library with an owner.
#pragma once
#include <memory>
#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace qmail::ucspi {

struct Release {
  void operator()(BIO* object) const { BIO_free(object); }
  void operator()(EVP_PKEY* object) const { EVP_PKEY_free(object); }
  void operator()(SSL* object) const { SSL_free(object); }
  void operator()(SSL_CTX* object) const { SSL_CTX_free(object); }
  void operator()(X509* object) const { X509_free(object); }
  void operator()(GENERAL_NAMES* object) const { GENERAL_NAMES_free(object); }
  void operator()(STACK_OF(X509_INFO) * object) const { sk_X509_INFO_pop_free(object, X509_INFO_free); }
};

template <typename Object>
using Owned = std::unique_ptr<Object, Release>;

}  // namespace qmail::ucspi
