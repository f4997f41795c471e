// What is known of an SMTP session beside its message. The core keeps it, features read it; what they have to
// know of each other (who has logged in, is the line secured) is told here.
#pragma once
#include <string>
#include <string_view>

#include "core/base/environment.h"
#include "core/smtp/server_settings.h"

namespace qmail::smtpd {

struct Facts {
  Environment environment;  ///< of the connection: tcp-environ(5), tls-environ(5); qmail-queue gets it too
  Terms terms;
  std::string account = {};  ///< who the client has proved to be; empty: it has not
  bool has_message = false;  ///< MAIL was accepted, and neither its message nor RSET has come since

  bool is_secured() const { return environment.find("SSL_PROTOCOL").has_value(); }
  bool may_relay() const { return terms.relay_suffix.has_value(); }
  /// The word for the Received field. RFC 3848; "SMTP" as in stock where neither TLS nor a login is in it.
  std::string_view protocol() const {
    if (account.empty()) return is_secured() ? "ESMTPS" : "SMTP";
    return is_secured() ? "ESMTPSA" : "ESMTPA";
  }
};

/// The means to let a client relay. A feature has it only if its feature.json says so ("admits").
class Admission {
 public:
  explicit Admission(Facts& facts) : facts_(facts) {}
  /// The client is `account` from now on, and may relay.
  void admit(std::string_view account) {
    facts_.account = account;
    facts_.environment.set("TCPREMOTEINFO", account);
    if (facts_.may_relay()) return;
    facts_.environment.set("RELAYCLIENT", "");
    facts_.terms.relay_suffix = "";
  }

 private:
  Facts& facts_;
};

}  // namespace qmail::smtpd
