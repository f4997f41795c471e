// rblsmtpd: refuse SMTP clients that are listed. See rblsmtpd(1).
#include "core/base/program.h"
#include "core/base/resident.h"
#include "ucspi/rblsmtpd/rblsmtpd.h"

/// A worker that nobody needs takes its answers of the DNS with it, so it waits longer than others.
constexpr int idle_seconds = 300;

int main(int argc, char** argv) {
  if (qmail::resident::is_asked_for(argc, argv))
    return qmail::resident::serve("rblsmtpd", qmail::ucspi::make_rblsmtpd_work,
                                  {.idle_seconds = idle_seconds});
  return qmail::run_program("rblsmtpd", argc, argv, qmail::ucspi::run_rblsmtpd);
}
