#include "core/programs/qmail-qctl/qmail_qctl.h"

#include "core/programs/qmail-qctl/settle.h"
#include "core/programs/qmail-qctl/statistics.h"

namespace qmail::qctl {
namespace {

void look(const Process& self, const Command& command) {
  const queue::Layout queue = queue::Layout::open(self.home());
  const queue::view::ReadRouting read_routing = [&] {
    return queue::read_routing(Control(self.open_directory("control")));
  };
  const QueueInView view{.queue = queue, .read_routing = read_routing, .now = self.clock.now()};
  Writer out(self.out), err(self.err);
  if (command.verb == "list")
    list_messages(view, command, out, err);
  else if (command.verb == "show")
    show_messages(view, command, out, err);
  else
    put_statistics(view, command, out);
  out.flush_or_throw("output");
  err.flush_or_throw("messages");
}

}  // namespace

int control_queue(Process& self) {
  const Command command = parse_command(self.args);
  if (command.verb == "settle") return settle_queue(self.home(), self.err);
  look(self, command);
  return 0;
}

}  // namespace qmail::qctl
