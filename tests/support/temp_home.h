// A home with an empty queue in a temporary directory, for tests; gone with the object.
#pragma once
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <stdlib.h>
#include <string>
#include <sys/stat.h>

#include "core/base/fd.h"
#include "core/queue/layout.h"

namespace qmail::test {

class TempHome {
 public:
  TempHome() {
    std::string pattern = (std::filesystem::temp_directory_path() / "qmail.XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = pattern;
    make_queue(path_ / "queue");
  }
  TempHome(const TempHome&) = delete;
  TempHome& operator=(const TempHome&) = delete;
  ~TempHome() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }
  Directory open() const { return Directory::open(path_.string()); }
  queue::Layout queue() const { return queue::Layout::open(open()); }

  void write(const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << bytes;
  }
  std::string read(const std::string& name) const { return read_file(path_ / name); }
  static std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return "(no such file)";
    return {std::istreambuf_iterator<char>(file), {}};
  }
  bool has(const std::string& name) const { return std::filesystem::exists(path_ / name); }

  /// The folders and the trigger that an empty queue consists of.
  static void make_queue(const std::filesystem::path& queue) {
    std::filesystem::create_directories(queue / "lock");
    std::filesystem::create_directory(queue / queue::pid_folder);
    for (const char* folder : {queue::segment_folder, queue::spare_folder, queue::damaged_folder})
      std::filesystem::create_directories(queue / folder);
    for (const queue::Part part : queue::every_part)
      for (const std::string& folder : queue::folders_of(part))
        std::filesystem::create_directories(queue / folder);
    ::mkfifo((queue / queue::trigger_name).c_str(), 0622);
  }

 private:
  std::filesystem::path path_;
};

}  // namespace qmail::test
