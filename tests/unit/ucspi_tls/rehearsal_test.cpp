#include "ucspi/lib/tls/rehearsal.h"

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

namespace qmail::ucspi {
namespace {

/// A server with a certificate of its own making.
Owned<SSL_CTX> make_server() {
  const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
  const Owned<X509> certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key.get());
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  Owned<SSL_CTX> server(SSL_CTX_new(TLS_method()));
  SSL_CTX_use_certificate(server.get(), certificate.get());
  SSL_CTX_use_PrivateKey(server.get(), key.get());
  return server;
}

TEST(Rehearsal, WorksWithAnyVersionThatIsAllowed) {
  const Owned<SSL_CTX> server = make_server();
  EXPECT_TRUE(rehearse(server.get()));
  SSL_CTX_set_max_proto_version(server.get(), TLS1_2_VERSION);
  EXPECT_TRUE(rehearse(server.get()));
  SSL_CTX_set_max_proto_version(server.get(), 0);
  SSL_CTX_set_min_proto_version(server.get(), TLS1_3_VERSION);
  EXPECT_TRUE(rehearse(server.get()));
}

TEST(Rehearsal, ShowsSettingsThatDoNotGoTogether) {
  const Owned<SSL_CTX> server = make_server();
  SSL_CTX_set_max_proto_version(server.get(), TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(server.get(), "ECDHE-RSA-AES128-GCM-SHA256");
  EXPECT_FALSE(rehearse(server.get()));
}

TEST(Rehearsal, ShowsThatThereIsNoCertificate) {
  const Owned<SSL_CTX> server(SSL_CTX_new(TLS_method()));
  EXPECT_FALSE(rehearse(server.get()));
}

}  // namespace
}  // namespace qmail::ucspi
