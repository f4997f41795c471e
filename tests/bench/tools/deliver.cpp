// deliver [--log BYTES] FILE FOLDER < MESSAGE
// What a durable mail server cannot do without, and nothing else: the message is written over a part of FILE
// that was written before and synced, then it gets a file of its own in FOLDER, synced before its name and
// with its name after. Beside a server's times it says how much of them is the disk's. FILE is made, --log
// bytes long, if it is not there.
#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <iostream>
#include <sys/stat.h>
#include <unistd.h>

#include "moment.h"
#include "options.h"
#include "socket.h"

namespace {

constexpr std::size_t longest_message = 65536;

void must(bool done, const std::string& what) {
  if (!done) bench::fail("unable to " + what);
}

void write_whole(int fd, const std::string& text, off_t at) {
  must(::pwrite(fd, text.data(), text.size(), at) == static_cast<ssize_t>(text.size()), "write");
}

std::string message() {
  std::string text(longest_message, '\0');
  const ssize_t size = ::read(0, text.data(), text.size());
  must(size >= 0, "read the message");
  text.resize(static_cast<std::size_t>(size));
  return text;
}

bench::Socket open_log(const std::string& name, std::size_t size) {
  bench::Socket log(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  must(log.get() >= 0, "open " + name);
  struct stat now {};
  must(::fstat(log.get(), &now) == 0, "stat " + name);
  if (now.st_size == 0) {
    write_whole(log.get(), std::string(size, '\0'), 0);
    must(::fsync(log.get()) == 0, "sync " + name);
  }
  return log;
}

/// Each message somewhere else, as in a log that grows; where, the process number says.
void accept(const std::string& text, int log, std::size_t size) {
  const std::size_t room = (text.size() + 4095) / 4096 * 4096;
  const std::size_t places = std::max<std::size_t>(size / room, 1);
  write_whole(log, text, static_cast<off_t>(static_cast<std::size_t>(::getpid()) % places * room));
  must(::fdatasync(log) == 0, "sync the log");
}

void deliver(const std::string& text, const std::string& folder) {
  const bench::Socket place(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  must(place.get() >= 0, "open " + folder);
  const bench::Socket file(::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
  must(file.get() >= 0, "make a file in " + folder);
  write_whole(file.get(), text, 0);
  constexpr unsigned whole = SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
  must(::sync_file_range(file.get(), 0, 0, whole) == 0, "sync a file");
  const std::string name = std::to_string(bench::moment());
  must(::linkat(AT_FDCWD, ("/proc/self/fd/" + std::to_string(file.get())).c_str(), place.get(), name.c_str(),
                AT_SYMLINK_FOLLOW) == 0,
       "name a file");
  must(::fsync(place.get()) == 0, "sync " + folder);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const bench::Options options(argc, argv);
    const auto size = static_cast<std::size_t>(options.number("log", 16 << 20));
    const std::string text = message();
    accept(text, open_log(options.rest().at(0), size).get(), size);
    deliver(text, options.rest().at(1));
  } catch (const std::exception& e) {
    std::cerr << "deliver: " << e.what() << "\n";
    return 2;
  }
}
