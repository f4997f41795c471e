#include "core/base/local_socket.h"

#include <cerrno>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>

#include "core/base/error_text.h"
#include "core/base/failure.h"
#include "core/base/sys.h"
#include "core/base/unix_address.h"

namespace qmail {
namespace {

/// The directory of the socket must be ours alone: what root does to names in it must not be led elsewhere.
Directory open_own(const Directory& home, const std::string& name) {
  Directory directory = home.sub(name);
  struct stat status {};
  if (::fstat(directory.get(), &status) < 0) throw Failure::system("look at " + directory.label());
  if (status.st_uid != ::geteuid() || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    throw Failure(Exit::permanent, "unable to use " + directory.label() + ": others may write to it");
  return directory;
}

/// None with errno set.
Fd try_connect(const Directory& home, const std::string& name, unsigned seconds) {
  Fd socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  // For connect(), too: many may wait to be taken in.
  const timeval patience{.tv_sec = static_cast<time_t>(seconds), .tv_usec = 0};
  if (!socket || ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) < 0)
    return Fd();
  const auto address = address_of(home, name);
  int connected = -1;
  do connected = ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  while (connected < 0 && errno == EINTR);
  if (connected < 0) return Fd();
  return socket;
}

/// Whoever made the socket's name may be somebody else than who should have.
bool is_of_root_or_us(const Fd& socket) {
  ucred listener{};
  socklen_t size = sizeof listener;
  return ::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &listener, &size) == 0 &&
         (listener.uid == 0 || listener.uid == ::geteuid());
}

}  // namespace

Fd listen_locally(const Directory& home, const std::string& name, std::optional<uid_t> asker) {
  const std::size_t slash = name.rfind('/');
  const Directory directory = open_own(home, name.substr(0, slash));
  const std::string last = name.substr(slash + 1);
  const std::string attempt = "listen at " + directory.path_of(last);
  Fd socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) throw Failure::system(attempt);
  const mode_t umask_before = ::umask(S_IXUSR | S_IRWXG | S_IRWXO);
  // If it cannot go, bind() says so.
  static_cast<void>(sys::unlink_at(directory.get(), last.c_str()));
  const auto address = address_of(directory, last);
  const int bound = ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  ::umask(umask_before);
  if (bound < 0 || ::listen(socket.get(), SOMAXCONN) < 0) throw Failure::system(attempt);
  if (::geteuid() == 0 && asker &&
      ::fchownat(directory.get(), last.c_str(), *asker, static_cast<gid_t>(-1), AT_SYMLINK_NOFOLLOW) < 0)
    throw Failure::system(attempt);
  return socket;
}

LocalConnection connect_locally(const Directory& home, const std::string& name, unsigned seconds) {
  Fd socket = try_connect(home, name, seconds);
  if (!socket) return {Fd(), error_text(errno)};
  if (!is_of_root_or_us(socket)) return {Fd(), "it is not root's"};
  return {std::move(socket), ""};
}

bool is_offered(const Directory& home, const std::string& name) {
  return ::faccessat(home.get(), name.c_str(), W_OK, AT_EACCESS) == 0;
}

}  // namespace qmail
