// How much tcpserver and tcpclient say on standard error: options -q, -Q and -v.
#pragma once

namespace qmail::ucspi {

enum class Verbosity { quiet, errors, everything };

}  // namespace qmail::ucspi
