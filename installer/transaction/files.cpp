#include "installer/transaction/files.h"

#include <boost/filesystem/path.hpp>

#include "core/base/failure.h"
#include "core/base/publish.h"
#include "core/base/sys.h"
#include "core/base/text.h"
#include "core/format/sha256.h"
#include "installer/transaction/step.h"

namespace qmail::transaction {
namespace {

/// A name that an interrupted run leaves behind and the next one overwrites.
constexpr std::string_view temporary_suffix = ".qmail-install";
std::string temporary_name(const std::string& path) { return file_name(path).append(temporary_suffix); }

/// What an earlier run may have left, perhaps another user's.
void remove_temporary(const Fd& directory, const std::string& temporary, const std::string& label) {
  if (sys::unlink_at(directory.get(), temporary.c_str()) < 0 && errno != ENOENT)
    throw Failure::system("remove " + label + std::string(temporary_suffix));
}

void sync_directory(const Fd& directory, const std::string& label) {
  if (sys::fsync(directory.get()) < 0) throw Failure::system("sync directory of " + label);
}

/// Owner first: changing it clears the setuid bit.
void set_attributes(const Fd& file, const Attributes& attributes, const std::string& label) {
  if (sys::fchown(file.get(), attributes.uid, attributes.gid) < 0)
    throw Failure::system("set owner of " + label);
  if (sys::fchmod(file.get(), attributes.mode) < 0) throw Failure::system("set mode of " + label);
  // A fifo has nothing to sync but its inode, and answers EINVAL; its directory is synced.
  if (sys::fsync(file.get()) < 0 && errno != EINVAL) throw Failure::system("sync " + label);
}

std::string content_mark(const Tree& tree, const std::string& path, const struct stat& status) {
  if (S_ISREG(status.st_mode)) return "file " + hexadecimal(sha256(tree.read(path).value_or("")));
  if (S_ISLNK(status.st_mode)) return "link " + tree.link_target(path);
  if (S_ISDIR(status.st_mode)) return "directory";
  return S_ISFIFO(status.st_mode) ? "fifo" : "other";
}

}  // namespace

void put_file(const Tree& tree, const std::string& path, std::string_view bytes,
              const Attributes& attributes) {
  const std::string label = tree.outside_name(path);
  const Fd directory = tree.parent(path);
  const std::string name = file_name(path);
  const std::string temporary = temporary_name(path);
  remove_temporary(directory, temporary, label);
  const Fd out(
      sys::open_at(directory.get(), temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600));
  if (!out) throw Failure::system("create " + label);
  write_all(out.get(), bytes, label);
  set_attributes(out, attributes, label);
  if (sys::rename_at(directory.get(), temporary.c_str(), directory.get(), name.c_str()) < 0)
    throw Failure::system("rename to " + label);
  sync_directory(directory, label);
}

void put_link(const Tree& tree, const std::string& path, const std::string& target) {
  const std::string label = tree.outside_name(path);
  const auto now = tree.find(path);
  if (now && S_ISLNK(now->st_mode) && tree.link_target(path) == target) return;
  const Fd directory = tree.parent(path);
  const std::string temporary = temporary_name(path);
  remove_temporary(directory, temporary, label);
  if (::symlinkat(target.c_str(), directory.get(), temporary.c_str()) < 0)
    throw Failure::system("link " + label);
  if (sys::rename_at(directory.get(), temporary.c_str(), directory.get(), file_name(path).c_str()) < 0)
    throw Failure::system("rename to " + label);
  sync_directory(directory, label);
}

void put_directory(const Tree& tree, const std::string& path, const Attributes& attributes) {
  const std::string label = tree.outside_name(path);
  const Fd directory = tree.parent(path);
  if (sys::mkdir_at(directory.get(), file_name(path).c_str(), 0700) < 0 && errno != EEXIST)
    throw Failure::system("make directory " + label);
  sync_directory(directory, label);
  put_attributes(tree, path, attributes);
}

void put_fifo(const Tree& tree, const std::string& path, const Attributes& attributes) {
  const std::string label = tree.outside_name(path);
  const Fd directory = tree.parent(path);
  if (::mkfifoat(directory.get(), file_name(path).c_str(), 0600) < 0 && errno != EEXIST)
    throw Failure::system("make fifo " + label);
  sync_directory(directory, label);
  put_attributes(tree, path, attributes);
}

void put_attributes(const Tree& tree, const std::string& path, const Attributes& attributes) {
  const std::string label = tree.outside_name(path);
  // Not blocking: a fifo may have no writer.
  const auto file = tree.find_open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (!file) throw Failure::system("open " + label, ENOENT);
  set_attributes(*file, attributes, label);
}

void make_directories(const Tree& tree, const std::string& path, mode_t mode) {
  const boost::filesystem::path whole(path);
  if (whole == "/" || tree.find(path)) return;
  make_directories(tree, whole.parent_path().string(), 0755);
  put_directory(tree, path, {.uid = ::geteuid(), .gid = ::getegid(), .mode = mode});
}

bool remove(const Tree& tree, const std::string& path) {
  const std::string label = tree.outside_name(path);
  const auto status = tree.find(path);
  if (!status) return true;
  const Fd directory = tree.parent(path);
  const std::string name = file_name(path);
  const int flags = S_ISDIR(status->st_mode) ? AT_REMOVEDIR : 0;
  if (::unlinkat(directory.get(), name.c_str(), flags) < 0) {
    if (errno == ENOTEMPTY || errno == EEXIST) return false;
    if (errno != ENOENT) throw Failure::system("remove " + label);
  }
  sync_directory(directory, label);
  return true;
}

void remove_leftover(const Tree& tree, const std::string& path) {
  remove(tree, std::string(path).append(temporary_suffix));
}

void rename(const Tree& tree, const std::string& from, const std::string& to) {
  const Fd directory = tree.parent(from);
  if (sys::rename_at(directory.get(), file_name(from).c_str(), directory.get(), file_name(to).c_str()) < 0)
    throw Failure::system("rename " + tree.outside_name(from) + " to " + file_name(to));
  sync_directory(directory, tree.outside_name(from));
}

std::string fingerprint(const Tree& tree, const std::string& path) {
  const auto status = tree.find(path);
  if (!status) return "";
  const std::string owner = std::to_string(status->st_uid) + ":" + std::to_string(status->st_gid);
  // The setuid and setgid bits apart from the rest: a change of owner clears them.
  return owner + " " + octal(status->st_mode & 06000) + " " + octal(status->st_mode & 01777) + " " +
         content_mark(tree, path, *status);
}

bool is_between(const std::string& now, const std::string& one, const std::string& other) {
  const auto parts = split(now, ' ');
  const auto ones = split(one, ' ');
  const auto others = split(other, ' ');
  if (ones.size() != parts.size() || others.size() != parts.size()) return false;
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (parts[i] != ones[i] && parts[i] != others[i] && parts[i] != "0000") return false;
  return true;
}

}  // namespace qmail::transaction
