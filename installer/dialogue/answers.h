// What the installer must know and cannot find out, from an answers file or from a person. qmail-install(8).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "installer/dialogue/messages.h"

namespace qmail::dialogue {

/// What was given; what was not has a default.
struct Given {
  std::optional<std::string> host_name;
  std::optional<std::vector<std::string>> domains;
  std::optional<std::string> postmaster;
  std::optional<bool> tls;
};

struct Answers {
  std::string host_name;             ///< full, in lower case
  std::vector<std::string> domains;  ///< mail for these is received and delivered here
  std::string postmaster;  ///< who gets mail for postmaster, root, mailer-daemon; empty: alias's Maildir
  bool tls = false;        ///< connections can be secured: a user for that is needed
};

/// The keys role, hostname, domains, postmaster and tls of a JSON object; or what is wrong with it. `name` is
/// how the message calls the file.
std::variant<Given, Message> parse_answers(std::string_view text, const std::string& name);

/// With defaults for what was not given; `host_name` is the machine's own.
Answers complete(const Given& given, const std::string& host_name);

/// A name without a dot is no name for a mail server; this one at least has the form of one.
std::string usable_name(const std::string& host_name);

}  // namespace qmail::dialogue
