// What the arguments say of a list. qlist(1).
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace qmail::qlist {

struct Settings {
  bool is_immediate = false;  ///< nobody is asked to confirm
  std::string list, request;  ///< their addresses
  std::string list_file, request_file, temporary_file;
  std::string owner;
  std::optional<std::string> more =
      std::nullopt;  ///< to be told to whoever writes to the list's request address
};

/// `args` must outlive what is read. Throws UsageError.
Settings read_settings(const std::vector<std::string>& args);

}  // namespace qmail::qlist
