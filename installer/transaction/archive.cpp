#include "installer/transaction/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <array>
#include <memory>

#include "core/base/failure.h"
#include "core/base/publish.h"
#include "core/base/sys.h"

namespace qmail::transaction {
namespace {

using Reading = std::unique_ptr<::archive, int (*)(::archive*)>;
using Writing = std::unique_ptr<::archive, int (*)(::archive*)>;
using Entry = std::unique_ptr<archive_entry, void (*)(archive_entry*)>;

/// libarchive names files from the working directory; this visits another one for a while.
class Visit {
 public:
  explicit Visit(const Fd& directory) : back_(::open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (!back_ || ::fchdir(directory.get()) < 0) throw Failure::system("change directory");
  }
  ~Visit() {
    // Nothing here depends on the working directory but this class.
    [[maybe_unused]] const int ignored = ::fchdir(back_.get());
  }
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

 private:
  Fd back_;
};

void check(int result, ::archive* archive, const std::string& attempt) {
  if (result >= ARCHIVE_OK) return;
  const char* why = ::archive_error_string(archive);
  throw Failure(Exit::temporary, "unable to " + attempt + ": " + (why != nullptr ? why : "archive error"));
}

void copy_data(::archive* from, ::archive* to, const std::string& attempt) {
  const void* bytes = nullptr;
  std::size_t count = 0;
  la_int64_t offset = 0;
  for (;;) {
    const int got = ::archive_read_data_block(from, &bytes, &count, &offset);
    if (got == ARCHIVE_EOF) return;
    check(got, from, attempt);
    check(static_cast<int>(::archive_write_data_block(to, bytes, count, offset)), to, attempt);
  }
}

/// What is in `name` of the working directory, as an entry with all that is known about it.
Entry describe(::archive* disk, const std::string& name, const std::string& attempt) {
  Entry entry(::archive_entry_new(), &::archive_entry_free);
  ::archive_entry_copy_pathname(entry.get(), name.c_str());
  ::archive_entry_copy_sourcepath(entry.get(), name.c_str());
  check(::archive_read_disk_entry_from_file(disk, entry.get(), -1, nullptr), disk, attempt);
  return entry;
}

void write_content(::archive* out, const std::string& name, const std::string& attempt) {
  const Fd file(::open(name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!file) throw Failure::system(attempt);
  std::array<char, 65536> block{};
  for (;;) {
    const ssize_t got = ::read(file.get(), block.data(), block.size());
    if (got < 0) throw Failure::system(attempt);
    if (got == 0) return;
    const auto count = static_cast<std::size_t>(got);
    check(static_cast<int>(::archive_write_data(out, block.data(), count)), out, attempt);
  }
}

}  // namespace

void save_object(const Fd& from, const std::string& name, const Directory& to, const std::string& archive) {
  const std::string attempt = "save " + name + " in " + to.path_of(archive);
  const Fd file(sys::open_at(to.get(), archive.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600));
  if (!file) throw Failure::system("create " + to.path_of(archive));
  const Visit visit(from);
  const Reading disk(::archive_read_disk_new(), &::archive_read_free);
  const Writing out(::archive_write_new(), &::archive_write_free);
  check(::archive_write_set_format_pax(out.get()), out.get(), attempt);
  // Names are bytes: no character set is asked, so that no converter is loaded.
  check(::archive_write_set_options(out.get(), "hdrcharset=BINARY"), out.get(), attempt);
  check(::archive_write_add_filter_gzip(out.get()), out.get(), attempt);
  check(::archive_write_open_fd(out.get(), file.get()), out.get(), attempt);
  const Entry entry = describe(disk.get(), name, attempt);
  check(::archive_write_header(out.get(), entry.get()), out.get(), attempt);
  if (::archive_entry_filetype(entry.get()) == AE_IFREG) write_content(out.get(), name, attempt);
  check(::archive_write_close(out.get()), out.get(), attempt);
  if (sys::fsync(file.get()) < 0) throw Failure::system("sync " + to.path_of(archive));
  if (sys::fsync(to.get()) < 0) throw Failure::system("sync directory " + to.label());
}

void restore_object(const Directory& from, const std::string& archive, const Fd& to,
                    const std::string& name) {
  const std::string attempt = "restore " + name + " from " + from.path_of(archive);
  const Fd file = from.open_file(archive);
  const Visit visit(to);
  const Reading in(::archive_read_new(), &::archive_read_free);
  const Writing disk(::archive_write_disk_new(), &::archive_write_free);
  ::archive_read_support_format_tar(in.get());
  ::archive_read_support_filter_gzip(in.get());
  ::archive_write_disk_set_options(disk.get(), ARCHIVE_EXTRACT_OWNER | ARCHIVE_EXTRACT_PERM |
                                                   ARCHIVE_EXTRACT_TIME | ARCHIVE_EXTRACT_XATTR |
                                                   ARCHIVE_EXTRACT_ACL | ARCHIVE_EXTRACT_NO_OVERWRITE);
  constexpr std::size_t block_size = 65536;
  check(::archive_read_open_fd(in.get(), file.get(), block_size), in.get(), attempt);
  archive_entry* entry = nullptr;
  check(::archive_read_next_header(in.get(), &entry), in.get(), attempt);
  ::archive_entry_copy_pathname(entry, name.c_str());
  check(::archive_write_header(disk.get(), entry), disk.get(), attempt);
  copy_data(in.get(), disk.get(), attempt);
  check(::archive_write_close(disk.get()), disk.get(), attempt);
}

}  // namespace qmail::transaction
