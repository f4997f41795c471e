// qmail-smtpd: receive messages by SMTP. See qmail-smtpd(8).
#include "core/base/resident.h"
#include "core/programs/qmail-smtpd/qmail_smtpd.h"
#include "core/programs/qmail-smtpd/resident_smtpd.h"

int main(int argc, char** argv) {
  const auto features = qmail::smtpd::features_compiled_in();
  if (qmail::resident::is_asked_for(argc, argv))
    return qmail::resident::serve("qmail-smtpd", [&] { return qmail::make_smtp_work(features); },
                                  {.ending = qmail::refuse_by_smtp()});
  return qmail::run_program(
      "qmail-smtpd", argc, argv, [&](qmail::Process& self) { return qmail::receive_by_smtp(self, features); },
      qmail::refuse_by_smtp());
}
