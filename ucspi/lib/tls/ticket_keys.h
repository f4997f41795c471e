// The keys under which a server hands its sessions out to the clients (RFC 5077, RFC 8446 section 4.6.1), so
// that they can be resumed in any process and nothing is kept here.
#pragma once
#include <array>
#include <cstdint>
#include <deque>
#include <openssl/ssl.h>

namespace qmail::ucspi {

class TicketKeys {
 public:
  /// Of a ticket, and so of a session.
  static constexpr std::int64_t lifetime_seconds = 7200;

  /// Makes a new key if the present one has been in use for half a ticket's lifetime, and forgets those whose
  /// tickets are all too old. Throws Failure.
  void renew(std::int64_t now);
  /// Has connections of `context` use these keys, which must live longer.
  void serve(SSL_CTX* context);

  /// What the library asks for each ticket: see SSL_CTX_set_tlsext_ticket_key_evp_cb(3).
  static int choose(SSL* connection, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
                    EVP_MAC_CTX* mac, int is_new);

 private:
  struct Key {
    std::int64_t made = 0;
    std::array<unsigned char, 16> name{};
    std::array<unsigned char, 32> cipher{};
    std::array<unsigned char, 32> mac{};
  };
  bool prepare(const Key& key, const unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac,
               bool is_new) const;

  std::deque<Key> keys_;  ///< the newest first
};

}  // namespace qmail::ucspi
