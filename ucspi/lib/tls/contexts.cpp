#include "ucspi/lib/tls/contexts.h"

#include <array>
#include <openssl/err.h>

#include "core/base/failure.h"
#include "core/base/text.h"
#include "ucspi/lib/tls/rehearsal.h"

namespace qmail::ucspi {
namespace {

/// Mozilla's "intermediate" list, without those that need parameters of an administrator's making.
constexpr std::string_view default_server_ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
/// A mail server that knows nothing better is still better met with these than in plain text.
constexpr std::string_view default_client_ciphers = "DEFAULT";
constexpr std::string_view default_protocol = "TLSv1.2";

constexpr std::array<std::pair<std::string_view, int>, 4> protocols{{{"TLSv1", TLS1_VERSION},
                                                                     {"TLSv1.1", TLS1_1_VERSION},
                                                                     {"TLSv1.2", TLS1_2_VERSION},
                                                                     {"TLSv1.3", TLS1_3_VERSION}}};

[[noreturn]] void give_up(const std::string& attempt) {
  throw Failure(Exit::temporary, "unable to " + attempt + ": " + last_complaint());
}

/// The first line of a control file; empty if there is none.
std::string_view line_of(const Material& material, const char* name) {
  const auto found = material.find(name);
  if (found == material.end()) return {};
  return trim_end(std::string_view(found->second).substr(0, found->second.find('\n')));
}

void set_manners(SSL_CTX* context, tls::Role role) {
  std::uint64_t options = SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION;
  // Many clients just close. What they had to say, mail's protocols say themselves when it is complete; what
  // we still have to say must not be lost to them.
  if (role == tls::Role::server) options |= SSL_OP_IGNORE_UNEXPECTED_EOF;
  SSL_CTX_set_options(context, options);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // Sessions live in tickets, which every process can read: a cache would be one process's own.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_timeout(context, TicketKeys::lifetime_seconds);
}

bool is_address(const std::string& name) {
  ASN1_OCTET_STRING* const address = a2i_IPADDRESS(name.c_str());
  ASN1_OCTET_STRING_free(address);
  return address != nullptr;
}

}  // namespace

Contexts::Contexts(const TlsFiles& files, const Material& material)
    : files_(files), has_authorities_(material.contains(files.authorities)) {
  if (material.contains(files.certificate))
    add(material, files.certificate);
  else if (files.role == tls::Role::client)
    contexts_.push_back(make(material, nullptr));
  else
    refuse(std::string("control/") + files.certificate +
           " is missing: put the certificate, its chain and its private key into it, in PEM form");
  if (files.more == nullptr) return;
  const std::string folder = std::string(files.more) + "/";
  for (auto at = material.lower_bound(folder); at != material.end() && at->first.starts_with(folder); ++at)
    if (at->first.ends_with(".pem")) add(material, at->first);
}

void Contexts::add(const Material& material, const std::string& name) {
  const bool is_first = contexts_.empty();
  const CertificateSource source{
      .name = name, .key_name = is_first ? files_.key : name.substr(0, name.rfind('.')) + ".key"};
  contexts_.push_back(make(material, &source));
  SSL_CTX* const context = contexts_.back().get();
  if (const auto bad_date = find_bad_date(context))
    warnings_.push_back("the certificate in control/" + name + " " + *bad_date + ": get another one");
  const auto names = names_of_certificate(context);
  if (names.empty() && !is_first)
    warnings_.push_back("the certificate in control/" + name + " is for no DNS name, so nobody gets it");
  // What an earlier one is for stays its own.
  for (const std::string& one : names) by_name_.emplace(one, context);
}

Owned<SSL_CTX> Contexts::make(const Material& material, const CertificateSource* certificate) {
  Owned<SSL_CTX> context(SSL_CTX_new(TLS_method()));
  if (!context) give_up("start the TLS library");
  const bool is_server = files_.role == tls::Role::server;
  set_manners(context.get(), files_.role);
  set_protocol(context.get(), line_of(material, files_.protocol));
  set_ciphers(context.get(), line_of(material, files_.ciphers));
  if (certificate != nullptr) use_certificate(context.get(), material, *certificate);
  if (has_authorities_) trust_authorities(context.get(), material, files_);
  if (!is_server) return context;
  ticket_keys_.serve(context.get());
  SSL_CTX_set_tlsext_servername_callback(context.get(), choose_by_name);
  SSL_CTX_set_tlsext_servername_arg(context.get(), this);
  return context;
}

void Contexts::set_protocol(SSL_CTX* context, std::string_view name) {
  if (name.empty()) name = default_protocol;
  for (const auto& [word, number] : protocols) {
    if (word != name) continue;
    // What came before 1.2 signs with SHA-1, which no higher level permits.
    if (number < TLS1_2_VERSION) SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_min_proto_version(context, number);
    return;
  }
  refuse(std::string("control/") + files_.protocol + " says " + std::string(name) +
         ", which is none of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3");
}

void Contexts::set_ciphers(SSL_CTX* context, std::string_view names) {
  if (names.empty())
    names = files_.role == tls::Role::server ? default_server_ciphers : default_client_ciphers;
  // The library has two lists, one for 1.3 and one for what came before.
  std::string of_1_3, before;
  for (const std::string_view name : split(names, ':')) {
    std::string& list = name.starts_with("TLS_") ? of_1_3 : before;
    list.append(list.empty() ? "" : ":").append(name);
  }
  const bool is_good = (of_1_3.empty() || SSL_CTX_set_ciphersuites(context, of_1_3.c_str()) == 1) &&
                       (before.empty() || SSL_CTX_set_cipher_list(context, before.c_str()) == 1);
  if (!is_good)
    refuse(std::string("control/") + files_.ciphers + ": " + last_complaint() +
           ": write cipher names as `openssl ciphers` lists them, or remove it");
}

void Contexts::rehearse_all() {
  if (files_.role != tls::Role::server) return;
  for (const Owned<SSL_CTX>& context : contexts_)
    if (!rehearse(context.get()))
      refuse("the certificates, control/" + std::string(files_.ciphers) + " and control/" + files_.protocol +
             " do not go together (" + last_complaint() + "): no client could agree on TLS with them");
  ERR_clear_error();
}

void Contexts::renew_ticket_keys(std::int64_t now) { ticket_keys_.renew(now); }

SSL_CTX* Contexts::find(std::string name) const {
  name = lower(name);
  auto found = by_name_.find(name);
  const std::size_t dot = name.find('.');
  if (found == by_name_.end() && dot != std::string::npos) found = by_name_.find("*" + name.substr(dot));
  return found == by_name_.end() ? nullptr : found->second;
}

int Contexts::choose_by_name(SSL* connection, int*, void* self) {
  const char* const name = SSL_get_servername(connection, TLSEXT_NAMETYPE_host_name);
  SSL_CTX* const context = name != nullptr ? static_cast<const Contexts*>(self)->find(name) : nullptr;
  if (context != nullptr) SSL_set_SSL_CTX(connection, context);
  return SSL_TLSEXT_ERR_OK;
}

std::string Contexts::find_refusal(const tls::Request& request) const {
  if (request.role != files_.role) return "this is the TLS process of the other role";
  const bool needs_authorities =
      request.role == tls::Role::server
          ? request.client_certificate != tls::ClientCertificate::none
          : request.verify == tls::Verify::ca || request.verify == tls::Verify::name;
  if (!needs_authorities || has_authorities_) return "";
  return std::string("control/") + files_.authorities +
         " is missing, so no certificate can be verified: put those of the authorities into it, in PEM form";
}

Owned<SSL> Contexts::connection(const tls::Request& request) const {
  Owned<SSL> connection(SSL_new(contexts_.front().get()));
  if (!connection) give_up("prepare a TLS connection");
  if (request.role == tls::Role::server)
    ask_client(connection.get(), request);
  else
    ask_server(connection.get(), request);
  return connection;
}

void Contexts::ask_client(SSL* connection, const tls::Request& request) const {
  SSL_set_accept_state(connection);
  int mode = SSL_VERIFY_NONE;
  if (request.client_certificate != tls::ClientCertificate::none) mode = SSL_VERIFY_PEER;
  if (request.client_certificate == tls::ClientCertificate::require) mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  SSL_set_verify(connection, mode, nullptr);
  // A session without a certificate must not be resumed where one is required.
  const auto kind = static_cast<unsigned char>(request.client_certificate);
  if (SSL_set_session_id_context(connection, &kind, sizeof kind) != 1) give_up("prepare a TLS connection");
}

void Contexts::ask_server(SSL* connection, const tls::Request& request) const {
  SSL_set_connect_state(connection);
  const bool is_verified = request.verify == tls::Verify::ca || request.verify == tls::Verify::name;
  SSL_set_verify(connection, is_verified ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  const bool is_ip = is_address(request.name);
  // RFC 6066 section 3: no address in the SNI.
  bool is_good =
      request.name.empty() || is_ip || SSL_set_tlsext_host_name(connection, request.name.c_str()) == 1;
  if (request.verify == tls::Verify::name) {
    X509_VERIFY_PARAM* const wanted = SSL_get0_param(connection);
    X509_VERIFY_PARAM_set_hostflags(
        wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    is_good = is_good &&
              (is_ip ? X509_VERIFY_PARAM_set1_ip_asc(wanted, request.name.c_str())
                     : X509_VERIFY_PARAM_set1_host(wanted, request.name.data(), request.name.size())) == 1;
  }
  if (!is_good) give_up("ask for " + request.name);
}

}  // namespace qmail::ucspi
