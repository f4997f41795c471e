// zrecipients: what went to each recipient. See zrecipients(1).
#include "core/base/program.h"
#include "core/log/activity/recipients.h"
#include "core/log/activity/tool.h"

int main(int argc, char** argv) {
  return qmail::run_program("zrecipients", argc, argv, [](qmail::Process& self) {
    return qmail::activity::summarize(self, qmail::activity::list_recipients);
  });
}
