// A delivered message goes back into the queue, to other recipients. dot-qmail(5), forward(1).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "core/base/environment.h"
#include "core/base/fd.h"

namespace qmail::queue {

struct Forward {
  int message;                    ///< read from where it stands to its end
  std::string_view delivered_to;  ///< the line put in front, with its newline
  std::string_view sender;
  std::vector<std::string_view> recipients;
};

struct Forwarded {
  std::string reply;  ///< empty, or why not: as queue::Client::close() gives it
  std::uint64_t qp;
};

/// Throws Failure if the message cannot be read or qmail-queue cannot be started; nothing is queued then.
Forwarded forward(const Forward& what, const Directory& home, const Environment& environment);
/// The same, and throws Failure if the queue does not take it. Returns qp.
std::uint64_t forward_or_throw(const Forward& what, const Directory& home, const Environment& environment);

}  // namespace qmail::queue
