#include <algorithm>
#include <array>
#include <cstdlib>
#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

#include "tests/support/sys_crash.h"

namespace qmail::test {
namespace {

// The seam's functions are free functions: this is how they find the disk.
std::unique_ptr<Disk> the_disk;

/// A step of the harness itself that cannot fail unless the test is broken.
void must(bool done, const char* what) {
  if (done) return;
  perror(what);
  std::abort();
}

std::string own_name(int fd) { return "/proc/self/fd/" + std::to_string(fd); }

struct stat status_of(int fd) {
  struct stat status {};
  must(::fstat(fd, &status) == 0, "fstat");
  return status;
}

std::string bytes_of(int fd) {
  const Fd in(::open(own_name(fd).c_str(), O_RDONLY | O_CLOEXEC));
  must(static_cast<bool>(in), "open again");
  return *read_all(in.get(), static_cast<std::size_t>(-1), "file");
}

/// Those stop in the middle.
bool is_write(std::string_view call) { return call == "write" || call == "pwritev"; }

std::string path_of(int fd) {
  std::error_code none;
  return fd == AT_FDCWD ? "" : std::filesystem::read_symlink(own_name(fd), none).string();
}

constexpr std::size_t sector_bytes = 512;

/// Where the sectors are that differ; none if more than that differs.
std::vector<std::size_t> changed_sectors(const std::string& before, const std::string& now) {
  std::vector<std::size_t> sectors;
  if (before.size() != now.size()) return sectors;
  for (std::size_t at = 0; at < now.size(); at += sector_bytes)
    if (now.compare(at, sector_bytes, before, at, sector_bytes) != 0) sectors.push_back(at);
  return sectors;
}

/// Ways in which some of the changed sectors survive and others do not.
std::vector<Survival> torn_writes(const Survival& names) {
  const auto when = [](auto survives) {
    return [=](std::size_t place, std::size_t count) { return survives(place, count) ? sector_bytes : 0; };
  };
  using Place = std::size_t;
  std::vector<Survival> ways(9, names);
  const auto set = [&](Place way, const char* what, auto keeps) {
    ways[way].what = what;
    ways[way].keeps_of_sector = keeps;
  };
  set(0, "every other sector from the first", when([](Place at, Place) { return at % 2 == 0; }));
  set(1, "every other sector from the second", when([](Place at, Place) { return at % 2 == 1; }));
  set(2, "the first half of the sectors", when([](Place at, Place count) { return at < count / 2; }));
  set(3, "the second half of the sectors", when([](Place at, Place count) { return at >= count / 2; }));
  set(4, "the first sector", when([](Place at, Place) { return at == 0; }));
  set(5, "all sectors but the first", when([](Place at, Place) { return at != 0; }));
  set(6, "the last sector", when([](Place at, Place count) { return at + 1 == count; }));
  set(7, "all sectors but the last", when([](Place at, Place count) { return at + 1 != count; }));
  set(8, "half of each sector", [](Place, Place) { return sector_bytes / 2; });
  return ways;
}

/// What was written in place survives in one file alone, or in all the others.
Survival one_file(const Survival& names, ino_t one, bool is_kept) {
  Survival survival = names;
  survival.what = (is_kept ? "only what was synced, and file " : "what was synced, and all but file ") +
                  std::to_string(one);
  survival.keeps_of_sector = [](std::size_t, std::size_t) { return sector_bytes; };
  survival.keeps_of_file = [=](ino_t file) { return (file == one) == is_kept; };
  return survival;
}

/// Brings into `bytes` what survives of what is there `now`.
void tear(const Survival& survival, const std::string& now, std::string& bytes) {
  const std::vector<std::size_t> sectors = changed_sectors(bytes, now);
  for (std::size_t place = 0; place < sectors.size(); ++place) {
    const std::size_t kept = survival.keeps_of_sector(place, sectors.size());
    bytes.replace(sectors[place], kept, now, sectors[place], kept);
  }
}

}  // namespace

Disk::Disk(const std::filesystem::path& root, const Trouble& trouble, const Conditions& conditions,
           std::function<void()> stopped)
    : trouble_(trouble), conditions_(conditions), stopped_(std::move(stopped)), root_(snapshot(root)) {}

Disk& Disk::watch(const std::filesystem::path& root, const Trouble& trouble, const Conditions& conditions,
                  std::function<void()> stopped) {
  the_disk.reset(new Disk(root, trouble, conditions, std::move(stopped)));
  return *the_disk;
}

Disk* Disk::watched() { return the_disk.get(); }

ino_t Disk::snapshot(const std::filesystem::path& directory) {
  const Fd opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  must(static_cast<bool>(opened), "open directory");
  pin(opened.get());
  const Names names = names_now(opened.get());
  for (const auto& [name, inode] : names) {
    if (std::filesystem::is_directory(directory / name)) {
      snapshot(directory / name);
      continue;
    }
    const Fd file(::openat(opened.get(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    must(static_cast<bool>(file), "open file");
    pin(file.get());
    const struct stat status = status_of(file.get());
    durable_content_[inode] = {status.st_mode, status.st_mtim,
                               S_ISREG(status.st_mode) ? bytes_of(file.get()) : ""};
  }
  const ino_t inode = status_of(opened.get()).st_ino;
  history_[inode] = {names};
  return inode;
}

void Disk::pin(int fd) {
  Fd kept(::open(own_name(fd).c_str(), O_PATH | O_CLOEXEC));
  must(static_cast<bool>(kept), "pin");
  pinned_.try_emplace(status_of(fd).st_ino, std::move(kept));
}

Disk::Names Disk::names_now(int directory) const {
  const int again = ::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(again), &::closedir);
  must(stream != nullptr, "read directory");
  Names names;
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names[name] = entry->d_ino;
  }
  return names;
}

bool Disk::begin(const char* call, int fd, const char* name) {
  ++calls_;
  last_was_chosen_ = calls_ == trouble_.at;
  const bool troubled = last_was_chosen_ || (trouble_.lasting && trouble_.at != 0 && calls_ > trouble_.at);
  last_call_ = std::string(call) + " " + path_of(fd) + (*name == '\0' ? "" : "/") + name;
  if (!troubled) return true;
  if (trouble_.kind == Trouble::Kind::stop && !is_write(call)) stopped_();
  if (trouble_.kind != Trouble::Kind::fail) return true;
  errno = trouble_.error;
  return false;
}

bool Disk::half_of_write() const {
  return last_was_chosen_ &&
         (trouble_.kind == Trouble::Kind::short_write || trouble_.kind == Trouble::Kind::stop);
}

void Disk::wrote_half() {
  if (trouble_.kind == Trouble::Kind::stop) stopped_();
}

void Disk::opened(int fd) { pin(fd); }

void Disk::made_directory(int fd) {
  pin(fd);
  history_[status_of(fd).st_ino] = {Names{}};
}

void Disk::synced(int fd) {
  const struct stat status = status_of(fd);
  if (!S_ISDIR(status.st_mode)) {
    auto& content = durable_content_[status.st_ino];
    const bool brings_modes = conditions_.keeps_order && content.mode != status.st_mode;
    content = {status.st_mode, status.st_mtim, bytes_of(fd)};
    if (!brings_modes) return;
    for (auto& [inode, other] : durable_content_)
      if (const auto pin = pinned_.find(inode); pin != pinned_.end())
        other.mode = status_of(pin->second.get()).st_mode;
  } else if (conditions_.directory_syncs_work) {
    auto& history = history_[status.st_ino];
    const bool brings_all = conditions_.keeps_order && history.size() > 1;
    history = {names_now(fd)};
    if (!brings_all) return;
    for (auto& [directory, states] : history_) states = {states.back()};
  }
}

void Disk::changed(int directory, const char* name) {
  const std::string folder = std::filesystem::path(name).parent_path().string();
  const Fd opened(
      ::openat(directory, folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  must(static_cast<bool>(opened), "open folder");
  history_[status_of(opened.get()).st_ino].push_back(names_now(opened.get()));
}

std::vector<Survival> Disk::survivals() const {
  const auto synced = [](ino_t, std::size_t) -> std::size_t { return 0; };
  const auto now = [](ino_t, std::size_t count) { return count - 1; };
  std::vector<Survival> result{{"everything", now, true},
                               {"only what was synced", synced},
                               {"all names, content only where synced", now}};
  const std::map<ino_t, std::size_t> changed = changed_in_place();
  const std::vector<Survival> ways = torn_writes(result[1]);
  const auto has_several = [](const auto& file) { return file.second > 1; };
  // One sector is there or not, or half of it.
  if (!changed.empty())
    result.insert(result.end(), std::ranges::any_of(changed, has_several) ? ways.begin() : ways.end() - 1,
                  ways.end());
  if (changed.size() > 1)
    for (const auto& [inode, sectors] : changed)
      for (const bool is_kept : {true, false}) result.push_back(one_file(result[1], inode, is_kept));
  for (const auto& [inode, states] : history_)
    for (std::size_t state = 0; states.size() > 1 && state < states.size(); ++state) {
      const std::string which = "change " + std::to_string(state) + " of " + path_in_tree(inode);
      const ino_t chosen = inode;
      result.push_back({"what was synced, and up to " + which,
                        [=](ino_t i, std::size_t) { return i == chosen ? state : 0; }});
      result.push_back({"all names, but only up to " + which,
                        [=](ino_t i, std::size_t count) { return i == chosen ? state : count - 1; }});
    }
  return result;
}

/// The files that were, and how many sectors of each.
std::map<ino_t, std::size_t> Disk::changed_in_place() const {
  std::map<ino_t, std::size_t> changed;
  for (const auto& [inode, content] : durable_content_)
    if (const auto pin = pinned_.find(inode); pin != pinned_.end() && S_ISREG(content.mode))
      if (const auto sectors = changed_sectors(content.bytes, bytes_of(pin->second.get())); !sectors.empty())
        changed[inode] = sectors.size();
  return changed;
}

std::string Disk::path_in_tree(ino_t directory) const {
  const std::string root = path_of(pinned_.at(root_).get());
  return path_of(pinned_.at(directory).get()).substr(root.size());
}

void Disk::materialise(const Survival& survival, const std::filesystem::path& target) const {
  Made made;
  build(survival, root_, target, made);
}

void Disk::build(const Survival& survival, ino_t directory, const std::filesystem::path& target,
                 Made& made) const {
  std::filesystem::create_directories(target);
  const std::vector<Names>& states = history_.at(directory);
  for (const auto& [name, inode] : states.at(survival.pick(directory, states.size()))) {
    if (history_.contains(inode)) {
      build(survival, inode, target / name, made);
    } else if (const auto [first, is_new] = made.try_emplace(inode, target / name); is_new) {
      build_file(survival, inode, target / name);
    } else {
      must(::link(first->second.c_str(), (target / name).c_str()) == 0, "link copy");
    }
  }
}

void Disk::build_file(const Survival& survival, ino_t file, const std::filesystem::path& target) const {
  const auto saved = durable_content_.find(file);
  Content content = saved == durable_content_.end() ? Content{} : saved->second;
  if (const auto pin = pinned_.find(file); pin != pinned_.end()) {
    const struct stat status = status_of(pin->second.get());
    if (saved == durable_content_.end() || survival.keeps_content) {
      content.mode = status.st_mode;
      content.modified = status.st_mtim;
    }
    if (S_ISREG(status.st_mode)) {
      const std::string now = bytes_of(pin->second.get());
      if (survival.keeps_content) content.bytes = now;
      const bool is_meant = !survival.keeps_of_file || survival.keeps_of_file(file);
      if (survival.keeps_of_sector && is_meant) tear(survival, now, content.bytes);
    }
  }
  const mode_t permissions = content.mode & 07777;
  if (S_ISFIFO(content.mode)) {
    must(::mkfifo(target.c_str(), permissions) == 0, "mkfifo");
    return;
  }
  const Fd out(::open(target.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  const auto written = ::write(out.get(), content.bytes.data(), content.bytes.size());
  must(written == static_cast<ssize_t>(content.bytes.size()), "write copy");
  const std::array<timespec, 2> times{content.modified, content.modified};
  must(::fchmod(out.get(), permissions) == 0 && ::futimens(out.get(), times.data()) == 0, "attributes");
}

}  // namespace qmail::test
