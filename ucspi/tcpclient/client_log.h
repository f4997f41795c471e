// What tcpclient says on standard error. tcpclient(1).
#pragma once
#include <string>

#include "core/format/socket_address.h"
#include "ucspi/tcpclient/client_options.h"

namespace qmail::ucspi {

class ClientLog {
 public:
  explicit ClientLog(int err) : err_(err) {}
  void set_verbosity(Verbosity verbosity) { verbosity_ = verbosity; }

  void connected(const Endpoint& server) const;
  void cannot_connect(const Endpoint& server, int error) const;
  void fatal(const std::string& why) const;

 private:
  void say(Verbosity least, const std::string& text) const;

  int err_;
  Verbosity verbosity_ = Verbosity::errors;
};

}  // namespace qmail::ucspi
