#include "core/programs/qmail-queue/sealed_file.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace qmail::queue {
namespace {

bool fill(const Fd& file, std::span<const std::string_view> pieces) {
  off_t at = 0;
  for (std::string_view piece : pieces) {
    while (!piece.empty()) {
      // Not through the seam: this is no disk.
      const ssize_t written = ::pwrite(file.get(), piece.data(), piece.size(), at);
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return false;
      at += written;
      piece.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  return true;
}

}  // namespace

Fd sealed_file(std::span<const std::string_view> pieces) {
  constexpr int all_seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
  Fd file(::memfd_create("message", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!file || !fill(file, pieces) || ::fcntl(file.get(), F_ADD_SEALS, all_seals) < 0) return Fd();
  return file;
}

}  // namespace qmail::queue
