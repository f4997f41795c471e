// What a UCSPI server tells its program about the connection. tcp-environ(5).
#pragma once
#include <string>

#include "core/base/environment.h"

namespace qmail::ucspi {

/// Both ends of a connection; empty text means "not known", and the variable is then not set.
struct Peer {
  std::string proto = "TCP";
  std::string local_ip, local_port, local_host;
  std::string remote_ip, remote_port, remote_host, remote_info;
  static Peer from(const Environment& environment);
};

/// Sets PROTO and the TCP* variables of `peer`; removes those it has no value for.
void describe(const Peer& peer, Environment& environment);

}  // namespace qmail::ucspi
