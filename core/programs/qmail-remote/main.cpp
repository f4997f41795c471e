// qmail-remote: send one message by SMTP. See qmail-remote(8).
#include "core/base/program.h"
#include "core/programs/qmail-remote/qmail_remote.h"

int main(int argc, char** argv) {
  if (qmail::resident::is_asked_for(argc, argv))
    return qmail::remote::serve_residently(qmail::smtpc::features_compiled_in());
  qmail::remote::Stage stage;
  return qmail::run_program(
      "qmail-remote", argc, argv,
      [&](qmail::Process& self) {
        return qmail::remote::send_by_smtp(self, qmail::smtpc::features_compiled_in(), stage);
      },
      qmail::remote::report_failures(stage));
}
