#include "core/programs/qmail-qctl/qmail_qctl.h"

#include "core/programs/qmail-qctl/change.h"
#include "core/programs/qmail-qctl/settle.h"
#include "core/programs/qmail-qctl/statistics.h"

namespace qmail::qctl {
namespace {

int run(Process& self, const Command& command) {
  const Directory home = self.home();
  const queue::Layout queue = queue::Layout::open(home);
  const queue::view::ReadRouting read_routing = [&] {
    return queue::read_routing(Control(home.sub("control")));
  };
  const QueueInView view{.queue = queue, .read_routing = read_routing, .now = self.clock.now()};
  Writer out(self.out), err(self.err);
  int code = 0;
  if (command.verb == "list")
    list_messages(view, command, out, err);
  else if (command.verb == "show")
    show_messages(view, command, out, err);
  else if (command.verb == "stats")
    put_statistics(view, command, out);
  else
    code = change_messages({.home = home, .view = view, .clock = self.clock}, command, out, err);
  out.flush_or_throw("output");
  err.flush_or_throw("messages");
  return code;
}

}  // namespace

int control_queue(Process& self) {
  const Command command = parse_command(self.args);
  if (command.verb == "settle") return settle_queue(self.home(), self.err);
  return run(self, command);
}

}  // namespace qmail::qctl
