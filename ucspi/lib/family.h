// Which addresses an option admits: -4 or -6, of tcpserver and tcpclient.
#pragma once
#include "core/format/ip.h"

namespace qmail::ucspi {

enum class Family { any, v4, v6 };

inline bool is_of(const Ip& ip, Family family) {
  return family == Family::any || ip.is_v4() == (family == Family::v4);
}

}  // namespace qmail::ucspi
