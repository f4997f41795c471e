// watch --count N --seconds S FOLDER...: waits until N names have appeared in the folders.
// Prints "ready", then one line of JSON: {"count": n, "last": monotonic seconds}. Ends with 1 if time is up.
#include <iostream>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "moment.h"
#include "options.h"
#include "socket.h"

namespace {

long names_in(const char* events, ssize_t length) {
  long count = 0;
  for (ssize_t at = 0; at < length;) {
    inotify_event event;
    std::memcpy(&event, events + at, sizeof event);
    count += (event.mask & IN_Q_OVERFLOW) == 0;
    at += static_cast<ssize_t>(sizeof event + event.len);
  }
  return count;
}

int run(const bench::Options& options) {
  const long wanted = options.number("count", 1);
  const double deadline = bench::moment() + static_cast<double>(options.number("seconds", 60));
  const bench::Socket events(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  for (const std::string& folder : options.rest())
    if (::inotify_add_watch(events.get(), folder.c_str(), IN_CREATE | IN_MOVED_TO) < 0)
      bench::fail("unable to watch " + folder);
  std::cout << "ready" << std::endl;

  long count = 0;
  double last = 0;
  while (count < wanted && bench::moment() < deadline) {
    pollfd waiting{events.get(), POLLIN, 0};
    ::poll(&waiting, 1, 100);
    alignas(inotify_event) char buffer[65536];
    const ssize_t got = ::read(events.get(), buffer, sizeof buffer);
    if (got <= 0) continue;
    last = bench::moment();
    count += names_in(buffer, got);
  }
  std::cout << std::fixed << "{\"count\": " << count << ", \"last\": " << last << "}" << std::endl;
  return count < wanted;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(bench::Options(argc, argv));
  } catch (const std::exception& e) {
    std::cerr << "watch: " << e.what() << "\n";
    return 2;
  }
}
