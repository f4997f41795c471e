#include "ucspi/lib/tls/tls_program.h"

#include <signal.h>
#include <sys/prctl.h>
#include <time.h>

#include "core/base/io.h"
#include "core/base/options.h"
#include "core/base/sandbox.h"
#include "core/base/signals.h"
#include "core/base/text.h"
#include "ucspi/lib/tls/acceptor.h"
#include "ucspi/lib/tls/contexts.h"
#include "ucspi/lib/tls/keeper.h"
#include "ucspi/lib/tls/system_calls.h"

namespace qmail::ucspi {
namespace {

constexpr std::size_t default_limit = 1000;

std::size_t parse_limit(const std::string& text) {
  const auto limit = parse_number<std::size_t>(text);
  if (!limit || *limit == 0) throw UsageError();
  return *limit;
}

/// What the parent gives. Throws Failure.
Material take_material(int parent) {
  std::string bytes;
  Reader from_parent(parent);
  for (std::string_view piece = from_parent.peek(); !piece.empty(); piece = from_parent.peek()) {
    bytes.append(piece);
    from_parent.take(piece.size());
    if (auto material = parse_material(bytes)) return *std::move(material);
  }
  throw Failure(Exit::permanent, "unable to read the keys: only the program itself starts itself this way");
}

std::vector<int> calls_of_acceptor() {
  std::vector<int> calls(session_calls.begin(), session_calls.end());
  calls.insert(calls.end(), server_calls.begin(), server_calls.end());
  return calls;
}

}  // namespace

std::size_t parse_keeper_options(const std::vector<std::string>& args) {
  std::size_t limit = default_limit;
  Options options(args, "c:");
  while (const auto option = options.next()) {
    if (*option != 'c') throw UsageError(Exit::permanent, options.problem());
    limit = parse_limit(options.value());
  }
  if (!options.rest().empty()) throw UsageError();
  return limit;
}

bool TlsProgram::is_acceptor(const Process& self) {
  return self.args.size() == 2 && self.args.front() == acceptor_word;
}

int TlsProgram::keep(Process& self, std::size_t limit) {
  hide_memory();
  Keeper(name_, files_, limit, self.home(), self.clock, self.err).run();
  return 0;
}

int TlsProgram::accept(Process& self) {
  hide_memory();
  // It was executed by no name of its own, and lists of processes should have one. If not, they show "exe".
  static_cast<void>(::prctl(PR_SET_NAME, name_, 0, 0, 0));
  signals::ignore(SIGPIPE);
  const std::size_t limit = parse_limit(self.args.back());
  parent_waits_ = true;
  // It reads a file the first time it is needed.
  ::tzset();
  Contexts contexts(files_, take_material(parent_fd));
  contexts.renew_ticket_keys(self.clock.now());
  contexts.rehearse_all();
  for (const std::string& warning : contexts.warnings())
    static_cast<void>(Writer(self.err).put(name_).put(": warning: ").put(warning).put("\n").flush());
  enter_sandbox(calls_of_acceptor());
  Writer(parent_fd).put(acceptor_ready).flush_or_throw("to the parent");
  parent_waits_ = false;
  Acceptor(name_, contexts, Fd(listener_fd), Fd(parent_fd), limit, self.clock).run();
  return 0;
}

void TlsProgram::last_words(const std::string& why) const {
  Writer out(parent_waits_ ? parent_fd : 2);
  if (!parent_waits_) out.put(name_).put(": fatal: ");
  // Nobody is left to tell if that is gone.
  static_cast<void>(out.put(why).put("\n").flush());
}

}  // namespace qmail::ucspi
