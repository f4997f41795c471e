#include "core/programs/qmail-popup/checker.h"

#include <cerrno>
#include <optional>

#include "core/base/error_text.h"
#include "core/base/failure.h"
#include "core/base/fd.h"
#include "core/base/io.h"
#include "core/base/publish.h"
#include "core/base/spawn.h"

namespace qmail::popup {
namespace {

void log(const Ends& ends, const std::string& why) {
  // The client is told something too; nobody is left to tell more if this is lost.
  static_cast<void>(Writer(ends.err).put("qmail-popup: fatal: ").put(why).put("\n").flush());
}

}  // namespace

std::string_view tell_not_started(const std::string& program, const Ends& ends) {
  const bool is_missing = !is_temporary(errno);
  log(ends, "unable to run " + program + ": " + error_text(errno));
  // Stock learns that there is no such program from the exit code of its child.
  return is_missing ? "authorization failed" : "unable to fork";
}

std::string_view wait_for_session(pid_t child) {
  const int status = wait_for(child);
  if (crashed(status)) return "aack, child crashed";
  return exit_code(status) == 0 ? "" : "authorization failed";
}

std::string_view ask(accounts::Claim& claim, const std::vector<std::string>& program, const Ends& ends,
                     const Environment& environment) {
  auto pipe = Pipe::try_make();
  if (!pipe) {
    log(ends, std::string("unable to create pipe: ") + error_text(errno));
    return "unable to open pipe";
  }
  const auto child =
      spawn({.argv = program,
             .fds = {{ends.in, 0}, {ends.out, 1}, {ends.err, 2}, {pipe->read.get(), accounts::claim_fd}},
             .environment = environment});
  if (!child) return tell_not_started(program.front(), ends);
  pipe->read.close();
  // Not through a Writer, which would keep a copy.
  const bool is_asked = try_write_all(pipe->write.get(), claim.bytes());
  claim.forget();
  pipe->write.close();
  if (!is_asked) {
    log(ends, program.front() + " does not read descriptor 3");
    return "unable to write pipe";
  }
  return wait_for_session(*child);
}

}  // namespace qmail::popup
