#include "ucspi/tcpclient/client_log.h"

#include "core/base/error_text.h"
#include "core/base/io.h"

namespace qmail::ucspi {
namespace {

std::string place(const Endpoint& server) {
  return server.ip.text() + " port " + std::to_string(server.port);
}

}  // namespace

void ClientLog::say(Verbosity least, const std::string& text) const {
  if (verbosity_ < least) return;
  // Nobody is left to tell if standard error is gone.
  static_cast<void>(Writer(err_).put("tcpclient: " + text + "\n").flush());
}

void ClientLog::connected(const Endpoint& server) const {
  say(Verbosity::everything, "connected to " + place(server));
}

void ClientLog::cannot_connect(const Endpoint& server, int error) const {
  say(Verbosity::errors, "unable to connect to " + place(server) + ": " + error_text(error));
}

void ClientLog::fatal(const std::string& why) const { say(Verbosity::errors, "fatal: " + why); }

}  // namespace qmail::ucspi
