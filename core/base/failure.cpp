#include "core/base/failure.h"

#include <algorithm>
#include <array>

namespace qmail {
namespace {

constexpr std::array temporary_errors{
    EINTR,   ENOMEM,       ETXTBSY,      EIO,       ETIMEDOUT,    EAGAIN,    EDEADLK,      EBUSY,  ENFILE,
    EMFILE,  EFBIG,        ENOSPC,       ENETDOWN,  ENETUNREACH,  ENETRESET, ECONNABORTED, ESTALE, ECONNRESET,
    ENOBUFS, ETOOMANYREFS, ECONNREFUSED, EHOSTDOWN, EHOSTUNREACH, EUSERS,    EDQUOT,       ENOLCK,
};

}  // namespace

bool is_temporary(int error) {
  return std::find(temporary_errors.begin(), temporary_errors.end(), error) != temporary_errors.end();
}

}  // namespace qmail
