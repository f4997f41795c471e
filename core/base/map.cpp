#include "core/base/map.h"

#include <cerrno>
#include <sys/mman.h>
#include <sys/stat.h>

namespace qmail {

std::optional<MappedFile> MappedFile::map(const Fd& fd) {
  struct stat status {};
  if (::fstat(fd.get(), &status) < 0) return std::nullopt;
  if (!S_ISREG(status.st_mode)) {
    errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
    return std::nullopt;
  }
  if (status.st_size == 0) return MappedFile(nullptr, 0);  // mmap refuses to map nothing
  const auto size = static_cast<std::size_t>(status.st_size);
  void* const start = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
  return start == MAP_FAILED ? std::nullopt : std::optional(MappedFile(start, size));
}

MappedFile::~MappedFile() {
  if (start_ != nullptr) ::munmap(start_, size_);
}

}  // namespace qmail
