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

bool is_permanent_code(int exit_code) {
  switch (exit_code) {
    case 100:
    case 112:
    case 64:  // EX_USAGE, EX_DATAERR, EX_SOFTWARE, EX_PROTOCOL, EX_NOPERM and EX_CONFIG of sysexits.h
    case 65:
    case 70:
    case 76:
    case 77:
    case 78: return true;
    default: return false;
  }
}

}  // namespace qmail
