#include "ucspi/lib/tls/rehearsal.h"

#include "ucspi/lib/tls/facts.h"

namespace qmail::ucspi {
namespace {

/// More than any handshake has.
constexpr int most_turns = 20;

/// A client that takes whatever it gets, if it is of this version.
Owned<SSL_CTX> make_client(int version) {
  Owned<SSL_CTX> client(SSL_CTX_new(TLS_method()));
  if (!client) return client;
  SSL_CTX_set_security_level(client.get(), 0);
  SSL_CTX_set_cipher_list(client.get(), "ALL:COMPLEMENTOFALL");
  SSL_CTX_set_min_proto_version(client.get(), version);
  SSL_CTX_set_max_proto_version(client.get(), version);
  return client;
}

bool shake_hands(SSL* client, SSL* server) {
  BIO *at_client = nullptr, *at_server = nullptr;
  if (BIO_new_bio_pair(&at_client, 0, &at_server, 0) != 1) return false;
  SSL_set_bio(client, at_client, at_client);
  SSL_set_bio(server, at_server, at_server);
  SSL_set_connect_state(client);
  SSL_set_accept_state(server);
  for (int turn = 0; turn < most_turns; ++turn) {
    const int client_done = SSL_do_handshake(client);
    const int server_done = SSL_do_handshake(server);
    if (client_done == 1 && server_done == 1) return true;
  }
  return false;
}

bool rehearse_version(SSL_CTX* server_context, int version) {
  const Owned<SSL_CTX> client_context = make_client(version);
  const Owned<SSL> client(client_context ? SSL_new(client_context.get()) : nullptr);
  const Owned<SSL> server(SSL_new(server_context));
  if (!client || !server || !shake_hands(client.get(), server.get())) return false;
  // What is told of a connection takes the library, too.
  facts_of(server.get(), {});
  return true;
}

}  // namespace

bool rehearse(SSL_CTX* server) {
  bool works = false;
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION})
    works = rehearse_version(server, version) || works;
  return works;
}

}  // namespace qmail::ucspi
