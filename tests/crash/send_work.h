// What the crash tests of qmail-send share.
#pragma once
#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "tests/crash/queue_work.h"
#include "tests/support/send_run.h"

namespace qmail::test {

using Tell = std::function<void(const std::string& line)>;

inline std::string records(const std::vector<std::string>& texts) {
  std::string bytes;
  for (const std::string& text : texts) bytes.append(text).push_back('\0');
  return bytes;
}

/// In S2 it waits for the cleanup, 36 hours later; nobody was promised anything, or everything is done.
inline bool is_over(const queue::Layout& layout) {
  for (const queue::Number left : every_number(layout))
    if (classify(files_of(layout, left)) != queue::State::written) return false;
  return true;
}

/// A qmail-queue that keeps nothing but which recipients its message tells of.
class FakeQueue {
 public:
  FakeQueue() {
    std::string pattern = (std::filesystem::temp_directory_path() / "bounces.XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    folder_ = pattern;
    std::ofstream(folder_ / "queue")
        << "#!/bin/sh\ngrep -o '^<[^>]*>:' >> \"${0%/*}/told\"\nexec cat <&1 >/dev/null\n";
    std::filesystem::permissions(folder_ / "queue", std::filesystem::perms::owner_all);
  }
  ~FakeQueue() { std::filesystem::remove_all(folder_); }
  FakeQueue(const FakeQueue&) = delete;
  std::string program() const { return (folder_ / "queue").string(); }
  std::string told() const { return file_text(folder_ / "told"); }

 private:
  std::filesystem::path folder_;
};

/// Does it in a child process; the lines that it told.
inline std::vector<std::string> tell_in_child(const std::function<void(const Tell&)>& work) {
  Pipe told = Pipe::make();
  const pid_t child = ::fork();
  if (child == 0) {
    const Tell tell = [&](const std::string& line) {
      static_cast<void>(Writer(told.write.get()).put(line).put("\n").flush());
    };
    try {
      work(tell);
    } catch (const Failure& failure) {
      tell(failure.what());
    }
    ::_exit(0);
  }
  told.write.close();
  std::vector<std::string> lines;
  Reader in(told.read.get());
  for (std::string line; in.line(line);) lines.push_back(line);
  wait_for(child);
  return lines;
}

inline bool contains(const std::vector<std::string>& lines, const std::string& line) {
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

}  // namespace qmail::test
