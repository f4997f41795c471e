// How a message of the queue is shown to people: qmail-qread(8).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/queue/store.h"

namespace qmail::queue::view {

/// Every byte that is no printable ASCII as '_'.
std::string printable(std::string_view bytes);

/// "28 Apr 1997 02:17:00 GMT  #53  246  <me@domain.example> " without more and without a newline.
std::string head_line(Number number, const Info& info, std::uint64_t size_bytes);
/// "\tlocal\tyou@domain.example\n", with "  done" in front if it is.
std::string recipient_line(Channel channel, std::string_view address, bool done);
/// "warning: trouble with #53: ...\n".
std::string trouble_line(Number number, int error);

}  // namespace qmail::queue::view
