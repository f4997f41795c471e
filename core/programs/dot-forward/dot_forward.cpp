#include "core/programs/dot-forward/dot_forward.h"

#include <signal.h>

#include "core/base/io.h"
#include "core/base/options.h"
#include "core/base/signals.h"
#include "core/base/spawn.h"
#include "core/control/control.h"
#include "core/programs/dot-forward/forward_file.h"
#include "core/queue/forward.h"

namespace qmail {
namespace {

constexpr int handled = 99;  // qmail-local then leaves the rest of the .qmail file alone
constexpr std::size_t longest_file = std::size_t{16} << 20;
constexpr const char* shell = "/bin/sh";

struct Wishes {
  bool act = true;
  std::vector<std::string> files;
};

Wishes read_wishes(const std::vector<std::string>& args) {
  Wishes wishes;
  Options options(args, "nN");
  while (const auto option = options.next()) {
    if (*option == '?') throw UsageError(Exit::permanent, options.problem());
    wishes.act = *option == 'N';
  }
  wishes.files = options.rest();
  return wishes;
}

void say(const std::string& line, const Process& self) {
  Writer(self.err).put(line + "\n").flush_or_throw("standard error");
}

void feed(std::string_view head, int from, Writer& to) {
  to.put(head);
  Reader message(from);
  for (std::string_view piece = message.peek(); !piece.empty(); piece = message.peek()) {
    to.put(piece);
    if (to.stopped() != Stop::none) return;  // a command need not read all of it
    message.take(piece.size());
  }
  if (message.stopped() == Stop::failed) throw Failure::system("read message", message.error());
}

/// Pipes the message through a command: none if that is done, or what dot-forward ends with.
std::optional<Exit> run(const std::string& command, const Process& self) {
  Pipe input = Pipe::make();
  const auto child =
      spawn({.argv = {shell, "-c", command}, .fds = {{input.read.get(), 0}, {self.out, 1}, {self.err, 2}}});
  if (!child) throw Failure::system(std::string("run ") + shell);
  input.read.close();
  const Environment& environment = self.environment;
  std::string head(environment.get("UFLINE"));
  head.append(environment.get("RPLINE")).append(environment.get("DTLINE"));
  Writer writer(input.write.get());
  feed(head, self.in, writer);
  static_cast<void>(writer.flush());  // nor its end
  input.write.close();
  const int status = wait_for(*child);
  if (crashed(status)) throw Failure(Exit::temporary, "child crashed");
  const int code = exit_code(status);
  if (code != 0) return is_permanent_code(code) ? Exit::permanent : Exit::temporary;
  if (::lseek(self.in, 0, SEEK_SET) < 0) throw Failure::system("rewind input");
  return std::nullopt;
}

void send(const std::vector<std::string_view>& recipients, const Process& self) {
  const queue::Forward what{.message = self.in,
                            .delivered_to = self.environment.get("DTLINE"),
                            .sender = self.environment.get("NEWSENDER"),
                            .recipients = recipients};
  const auto [reply, qp] = queue::forward(what, self.home(), self.environment);
  if (!reply.empty())
    throw Failure(reply.front() == 'D' ? Exit::permanent : Exit::temporary,
                  "unable to forward message: " + reply.substr(1));
  // The message is in the queue: it must not come again because nobody reads this.
  static_cast<void>(Writer(self.err).put("dot-forward: info: qp " + std::to_string(qp) + "\n").flush());
}

/// Commands first: when one of them fails, nothing has been forwarded that would be forwarded again.
std::optional<Exit> act(const ForwardFile& file, const Process& self) {
  std::vector<std::string_view> recipients;
  for (const ForwardFile::Action& action : file.actions) {
    if (!action.is_program) recipients.emplace_back(action.text);
    if (action.is_program)
      if (const auto code = run(action.text, self)) return code;
  }
  if (!recipients.empty()) send(recipients, self);
  return std::nullopt;
}

std::optional<ForwardFile> read_file(const std::string& name, const Owner& owner, const DefaultHosts& hosts) {
  const auto opened = find_regular_file(name);
  if (!opened) return std::nullopt;
  const auto text = read_all(opened->get(), longest_file, name);
  if (!text) throw Failure::system("read " + name, EFBIG);
  return parse_forward_file(*text, owner, hosts);
}

/// What dot-forward ends with once the file is obeyed; none if it asks for nothing.
std::optional<int> obey(const std::string& name, const ForwardFile& file, bool acts, const Process& self) {
  if (acts) {
    if (const auto code = act(file, self)) return static_cast<int>(*code);
  } else {
    for (const ForwardFile::Action& action : file.actions)
      say((action.is_program ? "pipe through " : "forward ") + action.text, self);
  }
  if (file.is_direct) {
    if (!acts) say("direct delivery", self);
    return 0;
  }
  if (!file.actions.empty()) return handled;
  if (!acts) say("skipping empty file " + name, self);
  return std::nullopt;
}

}  // namespace

int dot_forward(const Process& self) {
  signals::ignore(SIGPIPE);
  const Wishes wishes = read_wishes(self.args);
  const Owner owner{.user = self.environment.get("USER"), .host = self.environment.get("HOST")};
  const DefaultHosts hosts = DefaultHosts::from(Control(self.open_directory("control")));
  for (const std::string& name : wishes.files) {
    const auto file = read_file(name, owner, hosts);
    if (!file) continue;
    if (const auto code = obey(name, *file, wishes.act, self)) return *code;
  }
  if (!wishes.act) say("direct delivery", self);
  return 0;
}

}  // namespace qmail
