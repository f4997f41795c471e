#include "ucspi/tcpserver/rules_file.h"

#include <cerrno>
#include <fcntl.h>

namespace qmail::ucspi {
namespace {

constexpr std::size_t largest_file = std::size_t{256} << 20;

}  // namespace

int RulesFile::refresh() {
  if (!options_.rules) return 0;
  const std::string& path = *options_.rules;
  const auto now = FileStamp::of(path);
  if (now && now == stamp_) return 0;
  bytes_.reset();
  stamp_.reset();
  return read(path);
}

int RulesFile::read(const std::string& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!fd) return errno == ENOENT && options_.allow_without_rules ? 0 : errno;
  const auto stamp = FileStamp::of(fd.get());
  auto bytes = try_read_all(fd.get(), largest_file);
  if (!stamp || !bytes) return errno;
  if (!CdbView(*bytes).is_whole()) return EPROTO;
  stamp_ = stamp;
  bytes_ = std::move(bytes);
  return 0;
}

}  // namespace qmail::ucspi
