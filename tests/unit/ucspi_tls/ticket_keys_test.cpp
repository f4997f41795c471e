#include "ucspi/lib/tls/ticket_keys.h"

#include <array>
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "ucspi/lib/tls/owned.h"

namespace qmail::ucspi {
namespace {

constexpr std::int64_t start = 1'000'000;
constexpr std::int64_t half = TicketKeys::lifetime_seconds / 2;

/// A ticket's name and what the library would be told of it.
class TicketKeysTest : public ::testing::Test {
 protected:
  using Name = std::array<unsigned char, 16>;

  void SetUp() override {
    keys_.serve(context_.get());
    connection_.reset(SSL_new(context_.get()));
  }
  int ask(Name& name, bool is_new) {
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> cipher(EVP_CIPHER_CTX_new(),
                                                                                 EVP_CIPHER_CTX_free);
    EVP_MAC* const hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    const std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)> mac(EVP_MAC_CTX_new(hmac),
                                                                        EVP_MAC_CTX_free);
    EVP_MAC_free(hmac);
    std::array<unsigned char, EVP_MAX_IV_LENGTH> iv{};
    return TicketKeys::choose(connection_.get(), name.data(), iv.data(), cipher.get(), mac.get(),
                              is_new ? 1 : 0);
  }
  Name name_at(std::int64_t now) {
    keys_.renew(now);
    Name name{};
    EXPECT_EQ(ask(name, true), 1);
    return name;
  }

  Owned<SSL_CTX> context_{SSL_CTX_new(TLS_method())};
  Owned<SSL> connection_;
  TicketKeys keys_;
};

TEST_F(TicketKeysTest, LastHalfATicketsLifetime) {
  const Name first = name_at(start);
  EXPECT_EQ(name_at(start + half - 1), first);
  EXPECT_NE(name_at(start + half), first);
}

TEST_F(TicketKeysTest, OpenTicketsUntilTheyAreTooOld) {
  Name first = name_at(start);
  EXPECT_EQ(ask(first, false), 1);
  name_at(start + half);
  EXPECT_EQ(ask(first, false), 2);  // and the client gets a new one
  name_at(start + 2 * half);
  name_at(start + 3 * half);
  EXPECT_EQ(ask(first, false), 2);
  name_at(start + 4 * half);
  EXPECT_EQ(ask(first, false), 0);
}

TEST_F(TicketKeysTest, DoNotOpenTheTicketsOfOthers) {
  name_at(start);
  Name other{};
  EXPECT_EQ(ask(other, false), 0);
}

TEST_F(TicketKeysTest, AreRenewedWhenTheClockIsSetBack) {
  const Name first = name_at(start);
  EXPECT_NE(name_at(start - 1), first);
}

}  // namespace
}  // namespace qmail::ucspi
