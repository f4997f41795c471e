#include "ucspi/lib/tls/ticket_keys.h"

#include <algorithm>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <span>
#include <string>

#include "core/base/failure.h"

namespace qmail::ucspi {
namespace {

constexpr std::int64_t renewal_seconds = TicketKeys::lifetime_seconds / 2;

void fill(std::span<unsigned char> bytes) {
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw Failure(Exit::temporary, "unable to make a session ticket key: no random numbers");
}

}  // namespace

void TicketKeys::renew(std::int64_t now) {
  // A clock that was set back makes the newest key look too young; it is renewed all the same.
  const auto age = [now](const Key& key) { return now >= key.made ? now - key.made : lifetime_seconds; };
  if (!keys_.empty() && age(keys_.front()) < renewal_seconds) return;
  while (!keys_.empty() && age(keys_.back()) > lifetime_seconds + renewal_seconds) keys_.pop_back();
  Key key{.made = now};
  fill(key.name);
  fill(key.cipher);
  fill(key.mac);
  keys_.push_front(key);
}

void TicketKeys::serve(SSL_CTX* context) {
  SSL_CTX_set_app_data(context, this);
  SSL_CTX_set_tlsext_ticket_key_evp_cb(context, choose);
}

int TicketKeys::choose(SSL* connection, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
                       EVP_MAC_CTX* mac, int is_new) {
  constexpr int failed = -1, unknown = 0, known = 1, known_but_old = 2;
  const auto* self = static_cast<const TicketKeys*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(connection)));
  if (is_new != 0) {
    const Key& newest = self->keys_.front();
    std::copy(newest.name.begin(), newest.name.end(), name);
    if (RAND_bytes(iv, EVP_MAX_IV_LENGTH) != 1) return failed;
    return self->prepare(newest, iv, cipher, mac, true) ? known : failed;
  }
  for (const Key& key : self->keys_) {
    if (!std::equal(key.name.begin(), key.name.end(), name)) continue;
    if (!self->prepare(key, iv, cipher, mac, false)) return failed;
    return &key == &self->keys_.front() ? known : known_but_old;
  }
  return unknown;
}

bool TicketKeys::prepare(const Key& key, const unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac,
                         bool is_new) const {
  std::string digest = "SHA256";
  auto mac_key = key.mac;
  const std::array<OSSL_PARAM, 3> parameters{
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, mac_key.data(), mac_key.size()),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0), OSSL_PARAM_construct_end()};
  if (EVP_MAC_CTX_set_params(mac, parameters.data()) != 1) return false;
  const auto start = is_new ? EVP_EncryptInit_ex : EVP_DecryptInit_ex;
  return start(cipher, EVP_aes_256_cbc(), nullptr, key.cipher.data(), iv) == 1;
}

}  // namespace qmail::ucspi
