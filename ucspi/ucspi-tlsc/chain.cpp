#include "ucspi/ucspi-tlsc/chain.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "core/base/fd_passing.h"
#include "core/base/io.h"
#include "core/base/options.h"
#include "core/base/sandbox.h"
#include "core/base/signals.h"
#include "core/base/spawn.h"
#include "core/base/text.h"
#include "core/tls/handover.h"
#include "ucspi/lib/secured_program.h"
#include "ucspi/lib/tls/contexts.h"
#include "ucspi/lib/tls/session.h"
#include "ucspi/lib/tls/system_calls.h"

namespace qmail::ucspi {
namespace {

constexpr int network_in = 6, network_out = 7;
/// Of the process that carries the connection.
constexpr int control_fd = 0;
constexpr std::string_view cut_warning =
    "ucspi-tlsc: warning: the server went away without a close_notify: what it sent may have been cut "
    "short\n";
constexpr std::size_t longest_file = std::size_t{4} << 20;

tls::Verify verify_of(const std::string& word) {
  if (word == "none") return tls::Verify::none;
  if (word == "ca") return tls::Verify::ca;
  if (word == "name") return tls::Verify::name;
  throw UsageError(Exit::permanent, "-v takes none, ca or name");
}

std::string read_file(const std::string& path) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) throw Failure::system("open " + path);
  auto bytes = read_all(file.get(), longest_file, path);
  if (!bytes) throw Failure(Exit::permanent, "unable to read " + path + ": it is too large");
  return *std::move(bytes);
}

Material material_of(const Chain& chain) {
  Material material;
  const bool is_verified =
      chain.request.verify == tls::Verify::ca || chain.request.verify == tls::Verify::name;
  const auto authorities = chain.authorities.empty() ? find_system_authorities() : chain.authorities;
  if (is_verified && authorities) material.emplace(client_files.authorities, read_file(*authorities));
  if (!chain.certificate.empty()) material.emplace(client_files.certificate, read_file(chain.certificate));
  return material;
}

/// The process that carries the connection: nobody's child, so that the program finds none it did not start.
void start_session(const Contexts& contexts, const Fd& control, const Clock& clock) {
  const pid_t child = ::fork();
  if (child < 0) throw Failure::system("fork");
  if (child > 0) return reap(child);
  const pid_t grandchild = ::fork();
  if (grandchild != 0) ::_exit(0);
  hide_memory();
  signals::ignore(SIGPIPE);
  // Whatever else we were given is the program's. It must end with the program, not with the connection.
  if (::dup2(control.get(), control_fd) < 0) throw Failure::system("start the TLS process");
  ::close(1);
  ::close_range(3, ~0U, 0);
  enter_sandbox(session_calls);
  // Nobody is left to tell if standard error is gone.
  if (serve_session(contexts, Fd(control_fd), clock) == SessionEnd::cut)
    static_cast<void>(Writer(2).put(cut_warning).flush());
  ::_exit(0);
}

}  // namespace

std::optional<Chain> parse_chain(const std::vector<std::string>& args) {
  Chain chain{.request = {.role = tls::Role::client, .verify = tls::Verify::name}};
  Options options(args, "c:n:v:f:a:k:w:s");
  bool is_for_resident = false;
  while (const auto option = options.next()) {
    switch (*option) {
      case 'c': is_for_resident = true; break;
      case 'n': chain.request.name = options.value(); break;
      case 'v': chain.request.verify = verify_of(options.value()); break;
      case 'f':
        chain.request.verify = tls::Verify::sha256;
        chain.request.sha256 = options.value();
        break;
      case 'a': chain.authorities = options.value(); break;
      case 'k': chain.certificate = options.value(); break;
      case 'w': chain.request.seconds = parse_number<unsigned>(options.value()).value_or(0); break;
      case 's': chain.request.tell_certificates = true; break;
      default: throw UsageError(Exit::permanent, options.problem());
    }
  }
  chain.program = options.rest();
  if (chain.program.empty()) return std::nullopt;
  if (is_for_resident) throw UsageError();
  if (chain.request.verify == tls::Verify::name && chain.request.name.empty())
    throw UsageError(Exit::permanent, "without -n there is no name to verify");
  if (!tls::makes_sense(chain.request)) throw UsageError();
  return chain;
}

void run_chain(const Chain& chain, Process& self) {
  // It reads a file the first time it is needed.
  ::tzset();
  SocketPair control = SocketPair::make(SOCK_SEQPACKET);
  {
    const Contexts contexts(client_files, material_of(chain));
    start_session(contexts, control.other, self.clock);
  }
  control.other.close();
  run_secured(tls::secure_by(control.one, chain.request, network_in, network_out, self.clock),
              {network_in, network_out}, chain.program, self.environment);
}

}  // namespace qmail::ucspi
