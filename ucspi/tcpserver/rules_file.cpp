#include "ucspi/tcpserver/rules_file.h"

#include <cerrno>
#include <fcntl.h>

namespace qmail::ucspi {

int RulesFile::refresh() {
  if (!options_.rules) return 0;
  const std::string& path = *options_.rules;
  const auto now = FileStamp::of(path);
  if (now && now == stamp_) return 0;
  file_.reset();
  stamp_.reset();
  return map(path);
}

int RulesFile::map(const std::string& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!fd) return errno == ENOENT && options_.allow_without_rules ? 0 : errno;
  const auto stamp = FileStamp::of(fd.get());
  auto mapped = MappedFile::map(fd);
  if (!stamp || !mapped) return errno;
  if (!CdbView(mapped->bytes()).is_whole()) return EPROTO;
  stamp_ = stamp;
  file_ = std::move(mapped);
  return 0;
}

}  // namespace qmail::ucspi
