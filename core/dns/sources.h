// Where what asks the DNS finds its settings; tests point it elsewhere.
#pragma once
#include <cstdint>
#include <string>

#include "core/base/deadline.h"

namespace qmail::dns {

struct Sources {
  std::string resolv_conf = "/etc/resolv.conf";
  std::string hosts = "/etc/hosts";
  std::uint16_t port = 53;
  unsigned total_seconds = 60;  ///< for a question, or all that are asked together, whatever resolv.conf says
  /// For all questions, one after the other too; what is left is divided among the servers and attempts that
  /// are left.
  const Deadline* budget = nullptr;
};

}  // namespace qmail::dns
