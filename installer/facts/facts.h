// What is known about a machine before anything is decided. Gathering it changes nothing.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <sys/types.h>
#include <vector>

#include "core/base/clock.h"
#include "installer/hier/manifest.h"
#include "installer/transaction/accounts.h"
#include "installer/transaction/store.h"

namespace qmail::facts {

/// Something that has a name in the file system.
struct Object {
  hier::Type type = hier::Type::file;
  bool other = false;  ///< a device or socket: none of the types
  uid_t uid = 0;
  gid_t gid = 0;
  mode_t mode = 0;
  std::string content = "";  ///< of a small file that holds settings
  std::string target = "";   ///< of a link
};

/// Who has a port open.
struct Listener {
  std::string address;
  pid_t pid = 0;
  std::string program;       ///< its executable; empty if unknown
  std::string unit = {};     ///< of systemd, that runs it; empty if unknown
  std::string package = {};  ///< of Debian's, that it comes from; empty if unknown
};

struct Unit {
  bool active = false;
  bool enabled = false;
};

/// What earlier transactions of this installer made and nobody changed or undid since.
struct Ours {
  std::set<std::string> paths;
  std::set<std::string> changed;  ///< made by it, but other than it made them now
  std::set<std::string> users;
  std::set<std::string> groups;
};

enum class Storage { local, volatile_or_layered, network };

struct Facts {
  bool whole_machine = true;
  bool is_root = true;
  bool systemd = false;
  std::string host_name;  ///< as fully as the machine knows it
  transaction::Accounts accounts;
  std::map<std::string, Object>
      objects;  ///< by absolute name: /var/qmail and below, and where links are made
  std::map<std::string, Unit> units;
  std::vector<Listener> smtp_listeners;
  std::size_t queued_messages = 0;
  bool sending = false;  ///< a qmail-send holds the queue's lock
  Storage queue_storage = Storage::local;
  bool is_clock_kept = true;
  std::uint64_t free_bytes = 0;
  std::uint64_t free_inodes = 0;
  Ours ours;
};

/// The units that the installer knows.
inline constexpr const char* unit_names[] = {"qmail-send.service", "qmail-smtpd.service"};

/// Names of the mail commands that other programs use, and that lead to ours if nobody else's are there.
inline constexpr const char* mail_commands[] = {"/usr/sbin/sendmail", "/usr/lib/sendmail", "/usr/bin/mailq",
                                                "/usr/bin/newaliases"};

/// Looks at everything. Throws Failure if something cannot be read.
Facts gather(const transaction::Tree& tree, const transaction::Store& store);

/// What the journals of `store` say.
Ours find_ours(const transaction::Tree& tree, const transaction::Store& store);

}  // namespace qmail::facts
