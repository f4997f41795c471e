// The command line of qmail-user. qmail-user(8).
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace qmail::user {

struct Request {
  enum class Verb { add, del, passwd, list, import_list, export_all };
  Verb verb = Verb::list;
  std::optional<std::string> file;   ///< a poppasswd(5)
  std::optional<std::string> owner;  ///< whose virtual users: vida(5)
  std::optional<std::string> user, home, from;
  bool json = false;
  bool keeps_secret = false;
  bool only_shows = false;
  std::string operand;  ///< a login, or the file to import; "-" is standard input
};

/// Throws UsageError.
Request parse_request(const std::vector<std::string>& args);

}  // namespace qmail::user
