#include "core/programs/qbiff/logins.h"

#include <string.h>
#include <utmpx.h>

#include "core/base/fd.h"

namespace qmail {
namespace {

/// A field that is filled up with NULs, unless it is full.
template <std::size_t size>
std::string_view text_of(const char (&field)[size]) {
  return {field, ::strnlen(field, size)};
}

bool is_below_dev(std::string_view name) {
  return !name.empty() && name.front() != '/' && name.find('.') == std::string_view::npos;
}

}  // namespace

std::vector<std::string> terminals_of(std::string_view user, const std::string& utmp) {
  std::vector<std::string> found;
  const Fd file(::open(utmp.c_str(), O_RDONLY | O_CLOEXEC));
  utmpx entry{};
  while (::read(file.get(), &entry, sizeof entry) == static_cast<ssize_t>(sizeof entry)) {
    const std::string_view terminal = text_of(entry.ut_line);
    if (entry.ut_type == USER_PROCESS && text_of(entry.ut_user) == user && is_below_dev(terminal))
      found.emplace_back(terminal);
  }
  return found;
}

}  // namespace qmail
