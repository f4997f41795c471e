// zfailures: why deliveries failed. See zfailures(1).
#include "core/base/program.h"
#include "core/log/activity/reasons.h"
#include "core/log/activity/tool.h"

int main(int argc, char** argv) {
  return qmail::run_program("zfailures", argc, argv, [](qmail::Process& self) {
    return qmail::activity::summarize(self, [](int in, qmail::Writer& out) {
      qmail::activity::list_reasons(in, out, qmail::activity::Outcome::failure, "failure");
    });
  });
}
