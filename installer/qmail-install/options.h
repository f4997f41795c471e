// The command line of qmail-install. qmail-install(8).
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace qmail::installer {

enum class Action { install, preflight, uninstall, list, roll_back, resume };

struct Options {
  Action action = Action::install;
  std::string root = "/";
  std::optional<std::string> answers;  ///< a file
  std::string id;                      ///< of the transaction to roll back
  bool yes = false;
  bool dry_run = false;
  bool json = false;
  bool keep_queue = false;
};

/// Throws UsageError, exit code 1.
Options parse_options(const std::vector<std::string>& args);

}  // namespace qmail::installer
