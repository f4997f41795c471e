// zsenders: what came from each sender. See zsenders(1).
#include "core/base/program.h"
#include "core/log/activity/senders.h"
#include "core/log/activity/tool.h"

int main(int argc, char** argv) {
  return qmail::run_program("zsenders", argc, argv, [](qmail::Process& self) {
    return qmail::activity::summarize(self, qmail::activity::list_senders);
  });
}
