// qmail-local: deliver or forward one message for one recipient. See qmail-local(8).
#include "core/base/program.h"
#include "core/base/resident.h"
#include "core/programs/qmail-local/qmail_local.h"

int main(int argc, char** argv) {
  const qmail::Ending ending = qmail::local::plain_ending();
  if (qmail::resident::is_asked_for(argc, argv))
    return qmail::resident::serve("qmail-local", qmail::local::make_work,
                                  {.idle_seconds = qmail::local::idle_seconds, .ending = ending});
  return qmail::run_program("qmail-local", argc, argv, qmail::local::deliver_as_told, ending);
}
