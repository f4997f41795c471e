#include "core/programs/qmail-send/cleaner.h"

#include <cerrno>
#include <unistd.h>

#include "core/base/io.h"

namespace qmail::send {
namespace {

constexpr char done = '+';

/// '\0' if the connection is lost.
char exchange(int requests, int answers, const std::string& request) {
  Writer out(requests);
  if (!out.put(request).put('\0').flush()) return '\0';
  char answer = '\0';
  ssize_t got = -1;
  do got = ::read(answers, &answer, 1);
  while (got < 0 && errno == EINTR);
  return got == 1 ? answer : '\0';
}

}  // namespace

bool Cleaner::ask(const std::string& request) {
  if (lost_) return false;
  const char answer = exchange(requests_, answers_, request);
  if (answer == done) return true;
  lost_ = answer == '\0';
  if (lost_) desk_.exit_asap = true;
  desk_.log.put(lost_ ? log::alert_lost_clean() : log::warning_clean_up(request));
  return false;
}

}  // namespace qmail::send
