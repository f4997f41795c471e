#include "installer/instcheck/instcheck.h"

#include "core/base/io.h"
#include "core/base/program.h"

namespace qmail {
namespace {

using hier::Entry;
using hier::Type;

mode_t file_type(Type type) {
  switch (type) {
    case Type::directory: return S_IFDIR;
    case Type::fifo: return S_IFIFO;
    case Type::link: return S_IFLNK;
    case Type::file: break;
  }
  return S_IFREG;
}

/// As stock's instcheck names it: files below their last two directories, the rest in full.
std::string label(const Entry& entry) {
  const bool in_full = entry.type == Type::directory || entry.queue || entry.name.starts_with('/');
  return in_full ? entry.path() : ".../" + entry.name;
}

class Check {
 public:
  Check(const transaction::Tree& tree, const transaction::Accounts& accounts)
      : tree_(tree), accounts_(accounts) {}

  void look_at(const Entry& entry) {
    const auto status = tree_.find(entry.path());
    if (!status) return differs(entry, "does not exist");
    const auto* user = accounts_.find_user(entry.owner);
    const auto* group = accounts_.find_group(entry.group);
    const bool link = entry.type == Type::link;
    if (!link && (user == nullptr || status->st_uid != user->uid)) differs(entry, "has wrong owner");
    if (!link && (group == nullptr || status->st_gid != group->gid)) differs(entry, "has wrong group");
    if (!link && (status->st_mode & 07777) != entry.mode) differs(entry, "has wrong permissions");
    if ((status->st_mode & S_IFMT) != file_type(entry.type)) return differs(entry, "has wrong type");
    if (link && tree_.link_target(entry.path()) != entry.to) differs(entry, "has wrong target");
  }

  std::vector<std::string> take() { return std::move(differences_); }

 private:
  void differs(const Entry& entry, const std::string& how) {
    differences_.push_back(label(entry) + " " + how);
  }

  const transaction::Tree& tree_;
  const transaction::Accounts& accounts_;
  std::vector<std::string> differences_;
};

struct Wanted {
  std::string root = "/";
  bool queue_only = false;
};

Wanted parse_arguments(const std::vector<std::string>& args) {
  Wanted wanted;
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (args[i] == "queue-only") {
      wanted.queue_only = true;
    } else if (args[i] == "--root" && i + 1 < args.size()) {
      wanted.root = args[++i];
    } else {
      throw UsageError();
    }
  }
  return wanted;
}

}  // namespace

std::vector<std::string> find_differences(const std::vector<Entry>& manifest, const transaction::Tree& tree,
                                          const transaction::Accounts& accounts) {
  Check check(tree, accounts);
  for (const Entry& entry : manifest) check.look_at(entry);
  return check.take();
}

int instcheck(const std::vector<std::string>& args, int err) {
  const Wanted wanted = parse_arguments(args);
  std::vector<Entry> manifest = hier::read_manifest();
  if (wanted.queue_only) std::erase_if(manifest, [](const Entry& entry) { return !entry.queue; });
  const transaction::Tree tree(wanted.root);
  const auto differences = find_differences(manifest, tree, transaction::read_accounts(tree));
  Writer out(err);
  for (const std::string& difference : differences) out.put("instcheck: warning: ").put(difference).put("\n");
  out.flush_or_throw("standard error");
  return differences.empty() ? 0 : static_cast<int>(Exit::permanent);
}

}  // namespace qmail
