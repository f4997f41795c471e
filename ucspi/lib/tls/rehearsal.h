// One handshake with ourselves, before anybody comes. It shows that a certificate and the settings work, and
// what the library does only once (looking up its algorithms, its own symbols, its random numbers) is done
// before the processes that carry connections are forked: that halves their work.
#pragma once
#include "ucspi/lib/tls/owned.h"

namespace qmail::ucspi {

/// False if no client could agree on TLS with a server of this context; last_complaint() may say why.
bool rehearse(SSL_CTX* server);

}  // namespace qmail::ucspi
