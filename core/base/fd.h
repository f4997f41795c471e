// Descriptors with an owner, and directories that open names relative to themselves.
// Calls that change what is on disk live in sys.h; these only open and read.
#pragma once
#include <fcntl.h>
#include <optional>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <vector>

namespace qmail {

/// Owns one open descriptor. The destructor ignores close errors, so whatever
/// was written through it must have been synced before.
class Fd {
 public:
  explicit Fd(int raw = -1) noexcept : raw_(raw) {}
  Fd(Fd&& other) noexcept : raw_(std::exchange(other.raw_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(raw_, other.raw_);
    return *this;
  }
  ~Fd() {
    if (raw_ >= 0) ::close(raw_);
  }
  int get() const noexcept { return raw_; }
  explicit operator bool() const noexcept { return raw_ >= 0; }
  /// Gives up ownership.
  int release() noexcept { return std::exchange(raw_, -1); }
  void close() noexcept { Fd closing(release()); }

 private:
  int raw_;
};

/// Both ends close on exec. make() throws Failure.
struct Pipe {
  Fd read;
  Fd write;
  static Pipe make();
  static std::optional<Pipe> try_make();  ///< none with errno set
};

/// An open directory. Every name given to it is relative to it; nothing depends on the working directory.
class Directory {
 public:
  /// `label` is how messages name it. Throws Failure if it cannot be opened.
  static Directory open(const std::string& path);
  static std::optional<Directory> find(const std::string& path);  ///< none if it does not exist
  static Directory holding(const std::string& file);  ///< the one that the name `file` is in; throws Failure
  /// None, with errno set, if it cannot be opened: for programs with an exit code of their own for that.
  static std::optional<Directory> try_open(const std::string& path);
  /// One that is open already; messages call it `label`.
  static Directory adopt(Fd fd, std::string label) { return {std::move(fd), std::move(label)}; }
  Directory sub(const std::string& name) const;  ///< throws Failure
  std::optional<Directory> find_sub(const std::string& name) const;
  std::optional<Directory> try_sub(const std::string& name) const;  ///< as try_open

  int get() const noexcept { return fd_.get(); }
  const std::string& label() const noexcept { return label_; }
  std::string path_of(std::string_view name) const { return label_ + "/" + std::string(name); }

  /// Opens for reading; -1 inside and errno set if it cannot be opened. Does not wait for a FIFO's writer.
  Fd try_file(const std::string& name) const;
  /// The same: none if it does not exist, throws Failure if it cannot be opened.
  std::optional<Fd> find_file(const std::string& name) const;
  Fd open_file(const std::string& name) const;  ///< throws Failure, also when absent
  /// The names in it but "." and "..", in the order the system gives them. Throws Failure.
  std::vector<std::string> names() const;
  std::optional<std::vector<std::string>> try_names() const;  ///< none with errno set

 private:
  Directory(Fd fd, std::string label) : fd_(std::move(fd)), label_(std::move(label)) {}
  Fd fd_;
  std::string label_;
};

/// Opens for reading as Directory::try_file, and leaves no note in the file's time of access where the system
/// lets us: its owner and root. For what is read so often that the notes would be most of the work.
Fd open_unnoted(int directory, const std::string& name);

/// Opens the regular file `path` for reading; none if it does not exist. Throws Failure "unable to read PATH"
/// if it cannot be opened, and for what is no file: a folder, a device, a FIFO.
std::optional<Fd> find_regular_file(const std::string& path);

/// Reads to the end; none, with errno set, if that fails, EFBIG if there are more than `limit` bytes.
std::optional<std::string> try_read_all(int fd, std::size_t limit);
/// The same; none if there are more than `limit` bytes. Throws Failure, naming `label`.
std::optional<std::string> read_all(int fd, std::size_t limit, const std::string& label);

}  // namespace qmail
