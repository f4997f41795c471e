// Where what asks the DNS finds its settings; tests point it elsewhere.
#pragma once
#include <cstdint>
#include <string>

namespace qmail::dns {

struct Sources {
  std::string resolv_conf = "/etc/resolv.conf";
  std::string hosts = "/etc/hosts";
  std::uint16_t port = 53;
  unsigned total_seconds = 60;  ///< for a question, or all that are asked together, whatever resolv.conf says
};

}  // namespace qmail::dns
