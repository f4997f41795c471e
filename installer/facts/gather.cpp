#include <algorithm>
#include <array>
#include <sys/file.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include "core/base/failure.h"
#include "core/base/text.h"
#include "installer/facts/facts.h"
#include "installer/facts/host_name.h"
#include "installer/facts/ports.h"
#include "installer/transaction/files.h"
#include "installer/transaction/services.h"

namespace qmail::facts {
namespace {

using hier::Type;
using transaction::Tree;

const char* const queue = "/var/qmail/queue";

/// Settings are small; what is larger is not read.
constexpr off_t longest_setting = 65536;

bool holds_settings(const std::string& path) {
  return path.starts_with("/var/qmail/control/") || path.starts_with("/var/qmail/users/") ||
         path.starts_with("/var/qmail/alias/.qmail");
}

Object look_at(const Tree& tree, const std::string& path, const struct stat& status) {
  Object object{.uid = status.st_uid, .gid = status.st_gid, .mode = status.st_mode & 07777};
  switch (status.st_mode & S_IFMT) {
    case S_IFREG:
      if (holds_settings(path) && status.st_size <= longest_setting)
        object.content = tree.read(path).value_or("");
      break;
    case S_IFDIR: object.type = Type::directory; break;
    case S_IFIFO: object.type = Type::fifo; break;
    case S_IFLNK:
      object.type = Type::link;
      object.target = tree.link_target(path);
      break;
    default: object.other = true;
  }
  return object;
}

class Walk {
 public:
  Walk(const Tree& tree, Facts& facts) : tree_(tree), facts_(facts) {}

  void take_alone(const std::string& path) {
    if (const auto status = tree_.find(path)) facts_.objects[path] = look_at(tree_, path, *status);
  }

  /// With everything below it, but not below the queue.
  void take(const std::string& path) {
    take_alone(path);
    const auto found = facts_.objects.find(path);
    if (path == queue || found == facts_.objects.end() || found->second.type != Type::directory) return;
    for (const std::string& name : tree_.names(path)) take(path + "/" + name);
  }

  /// With what is in it: somebody else may have put files into a directory that we need too.
  void take_shared(const std::string& path) {
    take_alone(path);
    const auto found = facts_.objects.find(path);
    if (found == facts_.objects.end() || found->second.type != Type::directory) return;
    for (const std::string& name : tree_.names(path)) take_alone(path + "/" + name);
  }

  /// The queue may hold a million messages: they are counted, and only what else is in it is listed.
  void take_queue(const std::vector<hier::Entry>& manifest) {
    std::vector<std::string> stray;
    for (const hier::Entry& entry : manifest) {
      if (!entry.queue) continue;
      take_alone(entry.path());
      if (entry.type != Type::directory || entry.split) continue;
      const bool holds_messages = entry.name.starts_with("queue/mess/");
      const auto names = tree_.names(entry.path());
      if (holds_messages) facts_.queued_messages += names.size();
      if (facts_.queued_messages > 0) continue;
      for (const std::string& name : names) stray.push_back(entry.path() + "/" + name);
    }
    if (facts_.queued_messages == 0)
      for (const std::string& path : stray) take_alone(path);
  }

 private:
  const Tree& tree_;
  Facts& facts_;
};

bool is_sending(const Tree& tree) {
  const auto mutex = tree.find_open(std::string(queue) + "/lock/sendmutex", O_RDONLY | O_NONBLOCK);
  return mutex && ::flock(mutex->get(), LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK;
}

/// The nearest directory above the queue that exists.
Fd open_near_queue(const Tree& tree) {
  for (const char* path : {queue, "/var/qmail", "/var", "/"})
    if (auto directory = tree.find_open(path, O_RDONLY | O_DIRECTORY)) return *std::move(directory);
  throw Failure::system("open " + tree.root(), ENOENT);
}

Storage storage_of(long type) {
  // statfs(2): NFS, SMB, CIFS, SMB2, AFS, CODA, NCP, 9P, CEPH, FUSE is left to its user.
  static constexpr std::array<long, 9> network{0x6969,     0x517b, 0xff534d42, 0xfe534d42, 0x5346414f,
                                               0x73757245, 0x564c, 0x01021997, 0x00c36400};
  static constexpr std::array<long, 3> not_durable{0x01021994, 0x794c7630,
                                                   0x858458f6};  // tmpfs overlay ramfs
  if (std::find(network.begin(), network.end(), type) != network.end()) return Storage::network;
  const bool durable = std::find(not_durable.begin(), not_durable.end(), type) == not_durable.end();
  return durable ? Storage::local : Storage::volatile_or_layered;
}

void take_storage(const Tree& tree, Facts& facts) {
  const Fd directory = open_near_queue(tree);
  struct statfs type {};
  struct statvfs space {};
  if (::fstatfs(directory.get(), &type) < 0 || ::fstatvfs(directory.get(), &space) < 0)
    throw Failure::system("look at the filesystem of the queue");
  facts.queue_storage = storage_of(type.f_type);
  facts.free_bytes = space.f_bavail * space.f_frsize;
  facts.free_inodes = space.f_files == 0 ? UINT64_MAX : space.f_favail;  // btrfs counts none
}

std::string own_name(const Tree& tree) {
  std::string name(256, '\0');
  if (!tree.is_whole_machine())
    return std::string(trim_end(tree.read("/etc/hostname").value_or("localhost")));
  if (::gethostname(name.data(), name.size() - 1) < 0) throw Failure::system("find the name of this host");
  return name.substr(0, name.find('\0'));
}

/// Whether somebody keeps the kernel's clock right: adjtimex(2), which only looks here.
bool is_clock_kept() {
  struct timex clock {};
  return ::adjtimex(&clock) != TIME_ERROR;
}

void take_services(const Tree& tree, Facts& facts) {
  facts.systemd = tree.is_whole_machine() && tree.find("/run/systemd/system").has_value();
  if (!facts.systemd) return;
  for (const char* unit : unit_names)
    facts.units[unit] = {.active = transaction::service_state({"start", unit}) == "active",
                         .enabled = transaction::service_state({"enable", unit}) == "enabled"};
}

}  // namespace

Facts gather(const Tree& tree, const transaction::Store& store) {
  constexpr std::uint16_t smtp_port = 25;
  Facts facts;
  facts.whole_machine = tree.is_whole_machine();
  facts.is_root = ::geteuid() == 0;
  facts.host_name = full_name(own_name(tree), tree.read("/etc/hosts").value_or(""),
                              tree.read("/etc/resolv.conf").value_or(""));
  facts.accounts = transaction::read_accounts(tree);
  const auto manifest = hier::read_manifest();
  Walk walk(tree, facts);
  walk.take(std::string(hier::home));
  walk.take_queue(manifest);
  for (const char* command : mail_commands) {
    walk.take_alone(command);
    walk.take_alone(std::string(command).substr(0, std::string(command).rfind('/')));
  }
  for (const hier::Entry& entry : manifest)
    if (entry.name.starts_with('/')) walk.take_shared(entry.path());
  facts.sending = is_sending(tree);
  take_storage(tree, facts);
  take_services(tree, facts);
  if (tree.is_whole_machine()) facts.smtp_listeners = find_listeners(smtp_port);
  if (tree.is_whole_machine()) facts.is_clock_kept = is_clock_kept();
  facts.ours = find_ours(tree, store);
  return facts;
}

}  // namespace qmail::facts
