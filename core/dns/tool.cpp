#include "core/dns/tool.h"

#include "core/base/failure.h"
#include "core/base/io.h"

namespace qmail::dns {

void require_found(Status status) {
  if (status == Status::not_found) throw Failure(Exit::permanent, "hard error");
  if (status == Status::try_again) throw Failure(Exit::temporary, "soft error");
}

void report_plainly(const std::string& why) {
  // Nobody is left to tell if standard error is gone.
  static_cast<void>(Writer(2).put(why).put("\n").flush());
}

}  // namespace qmail::dns
