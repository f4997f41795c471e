// Control files: one setting a file, in home/control. qmail-control(5).
// Every name asked for is remembered, so that tools can say which files a program reads, and residents see
// when to read them again (fresh.h).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/fd.h"
#include "core/base/file_stamp.h"
#include "core/base/map.h"

namespace qmail {

/// A line of a control file, and which: the first one is 1.
struct ControlLine {
  std::size_t number;
  std::string text;
};

class Control {
 public:
  explicit Control(Directory directory) : directory_(std::move(directory)) {}

  /// The first line without blanks at its end; none if there is no such file. Throws Failure if it cannot be
  /// read.
  std::optional<std::string> line(const std::string& name) const;
  /// The same, or else control/me; none if that is absent too.
  std::optional<std::string> line_or_me(const std::string& name) const;
  /// The decimal number its first line starts with; `otherwise` if the file is absent or starts with no
  /// digit.
  std::uint64_t number(const std::string& name, std::uint64_t otherwise) const;
  /// A number of seconds that poll(2) can count in milliseconds: 23 days at most.
  int timeout(const std::string& name, std::uint64_t otherwise) const;
  /// All lines without blanks at their ends, empty lines and lines that start with '#' left out;
  /// none if there is no such file.
  std::optional<std::vector<std::string>> lines(const std::string& name) const;
  /// The same, each with its number.
  std::optional<std::vector<ControlLine>> numbered_lines(const std::string& name) const;
  /// The same as lines(), or control/me as its only line.
  std::optional<std::vector<std::string>> lines_or_me(const std::string& name) const;
  /// The bytes of a file (a cdb): none if there is no such file.
  std::optional<std::string> bytes(const std::string& name) const;
  /// The same without reading it: for lookups in a cdb.
  std::optional<MappedFile> map(const std::string& name) const;

  /// True if there is a file or link of this name, which may be somebody else's to read: a private key.
  bool has(const std::string& name) const;

  /// For programs that ask for many files, most of them absent, and all at one time: a file that is not there
  /// now is not looked for again until forget(). Without the right to read the directory nothing changes.
  void read_names() const;

  const Directory& directory() const { return directory_; }
  struct Asked {
    std::string name;
    std::optional<FileStamp> stamp = {};  ///< of the file as it was read; none: there was none
    bool is_link_to_nothing = false;
    bool is_by_name = false;  ///< nobody has read it, only whether it is there was asked
  };
  /// What of a file makes no sense, and therefore does nothing.
  struct Complaint {
    std::string name;
    std::size_t line;  ///< 0: the whole file
    std::string text;  ///< what is wrong, and what would be right
  };
  /// For whoever reads a file, to tell whoever looks after it.
  void complain(const Complaint& complaint) const { complaints_.push_back(complaint); }
  const std::vector<Complaint>& complaints() const { return complaints_; }

  /// The files asked for so far, in order, each once.
  const std::vector<Asked>& asked() const { return asked_; }
  /// Of the directory, before the first of them was looked for.
  const std::optional<FileStamp>& stamp() const { return stamp_; }
  void forget() {
    asked_.clear();
    names_.reset();
    complaints_.clear();
  }

 private:
  void begin() const;
  std::optional<Fd> open(const std::string& name) const;
  bool is_known_absent(const std::string& name) const;

  Directory directory_;
  mutable std::vector<Asked> asked_;
  mutable std::optional<FileStamp> stamp_;
  mutable std::optional<std::vector<std::string>> names_;  ///< of all files, sorted; none: not read
  mutable std::vector<Complaint> complaints_;
};

/// The first line of `text` and what is left of its lines, as Control reads them: pure, for tests and tools.
std::string control_line(std::string_view text);
std::vector<std::string> control_lines(std::string_view text);
std::vector<ControlLine> numbered_control_lines(std::string_view text);
/// "control/name: line 3: what is wrong".
std::string to_text(const Control::Complaint& complaint);

}  // namespace qmail
