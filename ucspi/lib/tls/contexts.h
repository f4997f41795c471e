// What a role's connections are made from: a context of the TLS library for each certificate. Made once, used
// by every process forked afterwards.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/format/tls_packets.h"
#include "ucspi/lib/tls/certificate.h"
#include "ucspi/lib/tls/material.h"
#include "ucspi/lib/tls/owned.h"
#include "ucspi/lib/tls/ticket_keys.h"

namespace qmail::ucspi {

class Contexts {
 public:
  /// Throws Failure that says what is wrong with which file, and what to do.
  Contexts(const TlsFiles& files, const Material& material);
  Contexts(const Contexts&) = delete;

  const TlsFiles& files() const { return files_; }
  /// What an administrator should know of what is in use.
  const std::vector<std::string>& warnings() const { return warnings_; }
  /// Has every certificate tried once; see rehearsal.h. Throws Failure as the constructor does.
  void rehearse_all();
  /// Before each connection, and before the first of all. Throws Failure.
  void renew_ticket_keys(std::int64_t now);

  /// Why `request` cannot be served; empty if it can.
  std::string find_refusal(const tls::Request& request) const;
  /// A connection as `request` wants it; find_refusal() must have found none. Throws Failure.
  Owned<SSL> connection(const tls::Request& request) const;

 private:
  Owned<SSL_CTX> make(const Material& material, const CertificateSource* certificate);
  void set_protocol(SSL_CTX* context, std::string_view name);
  void set_ciphers(SSL_CTX* context, std::string_view names);
  void add(const Material& material, const std::string& name);
  static int choose_by_name(SSL* connection, int*, void* self);
  SSL_CTX* find(std::string name) const;
  void ask_client(SSL* connection, const tls::Request& request) const;
  void ask_server(SSL* connection, const tls::Request& request) const;

  TlsFiles files_;
  bool has_authorities_;
  TicketKeys ticket_keys_;
  std::vector<Owned<SSL_CTX>> contexts_;  ///< the first is for whoever asks for no other
  std::map<std::string, SSL_CTX*> by_name_;
  std::vector<std::string> warnings_;
};

}  // namespace qmail::ucspi
