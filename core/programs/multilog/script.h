// The arguments of multilog: actions, carried out in order for each line. multilog(8).
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace qmail::multilog {

/// What was set for a log by the actions before it.
struct LogSettings {
  std::string directory = {};
  std::size_t most_bytes = 99999;  ///< in a file
  std::size_t files = 10;          ///< the current one and the old ones
  std::string processor = {};      ///< none: empty
};

struct Action {
  enum class Kind {
    select,    ///< lines that match `text`
    deselect,  ///< the same
    alert,     ///< the line goes to standard error
    status,    ///< the line replaces what is in the file `text`
    log,       ///< the line goes to `log`
  };
  Kind kind;
  std::string text = {};
  LogSettings log = {};
};

struct Script {
  bool is_stamped = false;
  std::vector<Action> actions = {};
  std::vector<std::string> unknown = {};  ///< arguments that say nothing; stock passes over them too
};

Script parse_script(const std::vector<std::string>& args);

/// True if `pattern` matches the whole line. A star stands for any bytes up to the first one that is the byte
/// behind the star, at the end of the pattern for all the rest; every other byte stands for itself.
bool matches(std::string_view pattern, std::string_view line);

}  // namespace qmail::multilog
