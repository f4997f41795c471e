#include "core/programs/preline/preline.h"

#include <array>
#include <signal.h>

#include "core/base/error_text.h"
#include "core/base/io.h"
#include "core/base/options.h"
#include "core/base/signals.h"
#include "core/base/spawn.h"

namespace qmail {
namespace {

/// A line that may be put before the message: -x leaves it out, -X puts it in again.
struct Line {
  std::string_view variable;
  char without;
  char with;
};
constexpr std::array<Line, 3> lines{{{"UFLINE", 'f', 'F'}, {"RPLINE", 'r', 'R'}, {"DTLINE", 'd', 'D'}}};

std::string head_of_message(const Environment& environment, Options& options) {
  std::array<std::string_view, lines.size()> texts;
  std::array<bool, lines.size()> wanted{true, true, true};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto text = environment.find(lines[i].variable);
    if (!text) throw UsageError();
    texts[i] = *text;
  }
  while (const auto option = options.next()) {
    if (*option == '?') throw UsageError(Exit::permanent, options.problem());
    for (std::size_t i = 0; i < lines.size(); ++i)
      if (*option == lines[i].without || *option == lines[i].with) wanted[i] = *option == lines[i].with;
  }
  std::string head;
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (wanted[i]) head.append(texts[i]);
  return head;
}

void copy(std::string_view head, int from, Writer& to) {
  Reader message(from);
  to.put(head);
  for (std::string_view piece = message.peek(); !piece.empty(); piece = message.peek()) {
    to.put(piece);
    if (to.stopped() != Stop::none) throw Failure::system("copy input", to.error());
    message.take(piece.size());
  }
  if (message.stopped() == Stop::failed) throw Failure::system("copy input", message.error());
}

}  // namespace

int preline(const Process& self) {
  signals::ignore(SIGPIPE);
  Options options(self.args, "frdFRD");
  const std::string head = head_of_message(self.environment, options);
  const std::vector<std::string> command = options.rest();
  if (command.empty()) throw UsageError();

  Pipe input = Pipe::make();
  const auto child = spawn({.argv = command, .fds = {{input.read.get(), 0}, {self.out, 1}, {self.err, 2}}});
  if (!child)
    throw Failure(is_temporary(errno) ? Exit::temporary : Exit::permanent,
                  "unable to run " + command.front() + ": " + error_text(errno));
  input.read.close();
  Writer writer(input.write.get());
  copy(head, self.in, writer);
  // A command that has left no more than the last of the message unread knew what it did: stock forgives it
  // too.
  static_cast<void>(writer.flush());
  input.write.close();
  const int status = wait_for(*child);
  if (crashed(status)) throw Failure(Exit::temporary, "child crashed");
  return exit_code(status);
}

}  // namespace qmail
