#include "core/programs/qmail-clean/qmail_clean.h"

#include <sys/stat.h>

#include "core/base/failure.h"
#include "core/base/io.h"
#include "core/base/sys.h"
#include "core/base/text.h"
#include "core/queue/state.h"

namespace qmail::queue {
namespace {

// "foop/" or "todo/" and a digit, to the longest that was ever answered; the NUL not counted.
constexpr std::size_t shortest_request = 6;
constexpr std::size_t longest_request = 99;
constexpr std::size_t verb_length = 5;

/// One look into pid for so many requests.
constexpr unsigned requests_a_round = 31;

enum class Removal { done, was_gone, failed };

Removal remove(const Layout& queue, const std::string& name) {
  if (sys::unlink_at(queue.fd(), name.c_str()) == 0) return Removal::done;
  return errno == ENOENT ? Removal::was_gone : Removal::failed;
}

}  // namespace

char Cleaner::answer(std::string_view request) {
  if (request.size() < shortest_request || request.size() > longest_request) return 'x';
  const auto number = parse_number<Number>(request.substr(verb_length));
  if (!number) return 'x';
  if (request.starts_with("foop/")) return remove_unqueued(*number) ? '+' : '!';
  if (request.starts_with("todo/")) return remove_todo(*number) ? '+' : '!';
  return 'x';
}

bool Cleaner::remove_unqueued(Number number) {
  return remove_intd(number) && remove(queue_, name_of(Part::mess, number)) != Removal::failed;
}

// That todo stays removed is for qmail-send to see to, which does so for many messages at once.
bool Cleaner::remove_todo(Number number) {
  return remove_intd(number) && remove(queue_, name_of(Part::todo, number)) != Removal::failed;
}

bool Cleaner::remove_intd(Number number) {
  const Removal removal = remove(queue_, name_of(Part::intd, number));
  if (removal == Removal::failed) return false;
  if (removal == Removal::done) intd_unsynced_ = true;
  // For good before anything else goes: no later state has it.
  if (intd_unsynced_ && queue_.sync(folder_of(Part::intd, number)) < 0) return false;
  intd_unsynced_ = false;
  return true;
}

void Cleaner::remove_old_pid_files() {
  const auto pid = queue_.directory().try_sub(pid_folder);
  if (!pid) return;
  for (const std::string& name : pid->names()) {
    struct stat status {};
    if (::fstatat(pid->get(), name.c_str(), &status, 0) < 0) continue;
    if (clock_.now() < status.st_atim.tv_sec + abandoned_after_seconds) continue;
    // It will be tried again.
    static_cast<void>(sys::unlink_at(pid->get(), name.c_str()));
  }
}

void clean_queue(int requests, int answers, const Layout& queue, const Clock& clock) {
  Cleaner cleaner(queue, clock);
  Reader in(requests);
  std::string request;
  for (unsigned count = 0;; ++count) {
    if (count % requests_a_round == 0) cleaner.remove_old_pid_files();
    // One byte more than is answered, so that what is too long stays too long.
    if (!in.line(request, longest_request + 1, '\0')) return;
    if (!Writer(answers).put(cleaner.answer(request)).flush())
      throw Failure(Exit::permanent, "unable to write answer");
  }
}

}  // namespace qmail::queue
