// zsuids: what came from each user of this machine. See zsuids(1).
#include "core/base/program.h"
#include "core/log/activity/senders.h"
#include "core/log/activity/tool.h"

int main(int argc, char** argv) {
  return qmail::run_program("zsuids", argc, argv, [](qmail::Process& self) {
    return qmail::activity::summarize(self, qmail::activity::list_sender_uids);
  });
}
