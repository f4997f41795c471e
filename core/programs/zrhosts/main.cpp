// zrhosts: what went to each host. See zrhosts(1).
#include "core/base/program.h"
#include "core/log/activity/recipients.h"
#include "core/log/activity/tool.h"

int main(int argc, char** argv) {
  return qmail::run_program("zrhosts", argc, argv, [](qmail::Process& self) {
    return qmail::activity::summarize(self, qmail::activity::list_recipient_hosts);
  });
}
