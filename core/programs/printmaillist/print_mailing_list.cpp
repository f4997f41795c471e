#include "core/programs/printmaillist/print_mailing_list.h"

#include <string>

#include "core/base/failure.h"
#include "core/base/io.h"
#include "core/format/forward_command.h"

namespace qmail {
namespace {

/// Programs are not for lists: whoever may write one would run them as somebody else.
bool belongs_in_list(std::string_view command) {
  using Kind = ForwardCommand::Kind;
  const Kind kind = forward_command_kind(command);
  return (kind == Kind::list || kind == Kind::recipient) && command.find('\n') == std::string_view::npos;
}

}  // namespace

void print_mailing_list(int in, int out) {
  const Failure bad_format(Exit::permanent, "bad mailing list format");
  Reader list(in);
  Writer text(out);
  std::string command;
  while (list.line(command, std::string::npos, '\0')) {
    if (!belongs_in_list(command)) throw bad_format;
    text.put(command).put('\n');
  }
  if (list.stopped() == Stop::failed) throw Failure::system("read input", list.error());
  if (!command.empty()) throw bad_format;
  text.flush_or_throw("output");
}

}  // namespace qmail
