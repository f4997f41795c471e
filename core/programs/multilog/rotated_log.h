// A log of multilog: a directory with the file that is written, `current`, and old ones, which are named
// after the moment they were finished. multilog(8) has the names and modes. One process writes a log: `lock`
// sees to it.
#pragma once
#include <string>
#include <string_view>
#include <sys/stat.h>

#include "core/base/clock.h"
#include "core/base/fd.h"
#include "core/programs/multilog/patience.h"
#include "core/programs/multilog/script.h"

namespace qmail::multilog {

class RotatedLog {
 public:
  /// Goes on with what an earlier multilog left, whole or not. Throws Failure, also if another one runs.
  RotatedLog(LogSettings settings, const Clock& clock, const Patience& patience);
  RotatedLog(const RotatedLog&) = delete;

  void put(std::string_view bytes);
  /// What was put is in the file.
  void flush();
  /// A new file begins, if there is anything in the one that is written.
  void rotate();
  /// Everything is on the disk, and the next multilog can tell. Nothing more may be put.
  void close();

 private:
  std::string path(std::string_view name) const { return directory_.path_of(name); }
  Fd open(const char* name, int flags, mode_t mode) const;
  Fd open_patiently(const std::string& verb, const char* name, int flags, mode_t mode) const;
  void sync_patiently(const Fd& file, const char* name) const;
  void set_mode_patiently(const Fd& file, const char* name, mode_t mode) const;
  void sync_names() const;
  void remove(const char* name) const;

  void resume();
  void recover() const;
  void open_current(const std::string& attempt);

  void write(std::string_view bytes);
  std::size_t write_some(std::string_view bytes);
  void begin_new_file();
  void process();
  void run_processor(const Fd& processed, const Fd& state) const;
  void file_away(const char* name, char code) const;
  void give_name(const char* name, char code) const;
  void remove_oldest() const;

  LogSettings settings_;
  const Clock& clock_;
  const Patience& patience_;
  Directory directory_;
  Fd lock_;
  Fd current_{};
  std::size_t bytes_ = 0;    ///< in current
  std::string buffer_ = {};  ///< not yet there
};

}  // namespace qmail::multilog
