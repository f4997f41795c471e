#include "core/format/ucspi.h"

#include <array>
#include <utility>

namespace qmail::ucspi {
namespace {

constexpr std::array<std::pair<const char*, std::string Peer::*>, 7> variables{{
    {"TCPLOCALIP", &Peer::local_ip},
    {"TCPLOCALPORT", &Peer::local_port},
    {"TCPLOCALHOST", &Peer::local_host},
    {"TCPREMOTEIP", &Peer::remote_ip},
    {"TCPREMOTEPORT", &Peer::remote_port},
    {"TCPREMOTEHOST", &Peer::remote_host},
    {"TCPREMOTEINFO", &Peer::remote_info},
}};

}  // namespace

Peer Peer::from(const Environment& environment) {
  Peer peer;
  peer.proto = environment.get("PROTO");
  for (const auto& [name, member] : variables) peer.*member = environment.get(name);
  return peer;
}

void describe(const Peer& peer, Environment& environment) {
  environment.set("PROTO", peer.proto);
  for (const auto& [name, member] : variables) {
    if ((peer.*member).empty())
      environment.unset(name);
    else
      environment.set(name, peer.*member);
  }
}

}  // namespace qmail::ucspi
