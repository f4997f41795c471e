// The parent of a role's TLS processes, root: reads certificates and keys, gives them to a process of user
// qmailt, and starts another one when the files have changed. It never touches the network, nor what comes
// from it, and has nothing of the TLS library's done. docs/internals/tls.md.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <sys/types.h>
#include <variant>

#include "core/base/clock.h"
#include "core/base/fd.h"
#include "core/base/spawn.h"
#include "ucspi/lib/tls/material.h"

namespace qmail::ucspi {

/// Of run/tls/..., and who may connect to it.
struct TlsSocket {
  std::string name;   ///< below the home
  std::string asker;  ///< the user, beside root
};
TlsSocket socket_of(tls::Role role);

/// What an acceptor says to its parent when it is ready; anything else is why it is not.
inline constexpr const char* acceptor_ready = "ready\n";
/// Where an acceptor finds its parent and the socket to accept from.
inline constexpr int parent_fd = 0;
inline constexpr int listener_fd = 3;
/// Its first argument; the second is the limit.
inline constexpr const char* acceptor_word = "accept";

class Keeper {
 public:
  Keeper(const char* program, const TlsFiles& files, std::size_t limit, Directory home, const Clock& clock,
         int err);

  /// Serves until TERM or INT, then lets the connections end. Throws Failure if it cannot begin.
  void run();

 private:
  struct Acceptor {
    pid_t pid;
    Fd link;  ///< closing it tells the acceptor that it is not wanted any more
  };

  void say(const std::string& text);
  void wait();
  void look_at_files(bool at_once);
  void replace();
  void reap();
  void restart_if_gone();
  std::optional<FileStamp> stamp_socket() const;
  void retire();
  /// A new acceptor that is ready, or why there is none.
  std::variant<Acceptor, std::string> start();
  std::variant<Acceptor, std::string> start_with(const Material& material);
  std::optional<pid_t> spawn_acceptor(const Fd& link);

  const char* program_;
  TlsFiles files_;
  std::size_t limit_;
  Directory home_;
  Directory control_;
  const Clock& clock_;
  int err_;
  Fd listener_;
  std::optional<FileStamp> listener_name_;  ///< what its name led to when it was new
  std::optional<Identity> identity_;        ///< none: we are not root, and nobody else can be
  std::optional<Acceptor> current_;
  std::size_t running_ = 0;  ///< acceptors, also those that only finish their connections
  MaterialStamp used_, seen_;
  std::int64_t restart_at_ = 0;
};

}  // namespace qmail::ucspi
