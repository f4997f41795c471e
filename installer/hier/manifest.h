// The reader of hier.manifest, the list of every installed object. Format: hier.manifest(5).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace qmail::hier {

enum class Type : char { directory = 'd', file = 'f', fifo = 'p', link = 'l' };

/// One object: one line of the manifest.
struct Entry {
  std::string name;  ///< as the manifest has it: "bin/qmail-send", "." or absolute
  Type type = Type::file;
  std::string owner;
  std::string group;
  mode_t mode = 0;
  bool program = false;
  bool page = false;
  bool queue = false;
  bool split = false;
  std::optional<std::string> from = std::nullopt;
  std::optional<std::string> to = std::nullopt;
  std::optional<std::size_t> zeros = std::nullopt;

  /// Its absolute name: "/var/qmail/bin/qmail-send".
  std::string path() const;
  /// `cmake --install` places it; qmail-install only sets its owner and mode.
  bool placed_by_build() const { return program || page || from.has_value(); }
};

/// Where every name that is not absolute begins.
inline constexpr std::string_view home = "/var/qmail";
/// How many subdirectories a `split` directory has: conf-split of every qmail.
inline constexpr unsigned split_count = 23;

/// One line without its newline; none if it does not follow the format.
std::optional<Entry> parse_entry(std::string_view line);

/// Every line that is neither empty nor a comment, with the subdirectories of `split` directories behind
/// them. None if a line is wrong or a name comes twice.
std::optional<std::vector<Entry>> parse_manifest(std::string_view text);

/// The manifest compiled in. Throws Failure if it does not follow its own format.
std::vector<Entry> read_manifest();

}  // namespace qmail::hier
