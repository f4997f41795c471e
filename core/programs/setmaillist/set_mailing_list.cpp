#include "core/programs/setmaillist/set_mailing_list.h"

#include "core/base/failure.h"
#include "core/base/io.h"
#include "core/base/publish.h"
#include "core/base/text.h"
#include "core/format/forward_command.h"

namespace qmail {
namespace {

[[noreturn]] void refuse(const std::string& why, std::size_t number) {
  throw Failure(Exit::temporary, why + ": line " + std::to_string(number));
}

/// What the list has for a line: nothing for a comment.
std::string command_of(std::string_view line, std::size_t number) {
  if (line.find('\0') != std::string_view::npos) refuse("NUL in input", number);
  if (line.empty() || line.front() == '#') return "";
  std::string command(line);
  if (forward_command_kind(line) != ForwardCommand::Kind::list) {
    if (line.size() > longest_forward_address) refuse("addresses must be under 800 bytes", number);
    if (line.front() != '&') command.insert(0, "&");
  }
  return command + '\0';
}

}  // namespace

void set_mailing_list(int in, const std::string& bin, const std::string& tmp) {
  Replacement replacement(bin, tmp, 0644);
  Reader input(in);
  std::string commands, line;
  std::size_t number = 0;
  bool ended = false;
  while (!ended) {
    ended = !input.line(line);
    commands += command_of(trim_end(line), ++number);
  }
  if (input.stopped() == Stop::failed) throw Failure::system("read input", input.error());
  replacement.finish(commands);
}

}  // namespace qmail
