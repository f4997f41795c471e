#include "core/base/map.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include "core/base/failure.h"

namespace qmail {

MappedFile::MappedFile(const Fd& fd, const std::string& label) {
  struct stat status {};
  if (::fstat(fd.get(), &status) < 0) throw Failure::system("read " + label);
  if (!S_ISREG(status.st_mode)) throw Failure(Exit::temporary, "unable to read " + label + ": not a file");
  if (status.st_size == 0) return;  // mmap refuses to map nothing
  const auto size = static_cast<std::size_t>(status.st_size);
  void* const start = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
  if (start == MAP_FAILED) throw Failure::system("read " + label);
  start_ = start;
  size_ = size;
}

MappedFile::~MappedFile() {
  if (start_ != nullptr) ::munmap(start_, size_);
}

}  // namespace qmail
