#include "installer/facts/differences.h"

namespace qmail::facts {
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

  std::vector<Difference> take() { return std::move(differences_); }

 private:
  void differs(const Entry& entry, const char* how) {
    differences_.push_back({.path = entry.path(), .label = label(entry), .how = how});
  }

  const transaction::Tree& tree_;
  const transaction::Accounts& accounts_;
  std::vector<Difference> differences_;
};

}  // namespace

std::vector<Difference> find_differences(const std::vector<hier::Entry>& manifest,
                                         const transaction::Tree& tree,
                                         const transaction::Accounts& accounts) {
  Check check(tree, accounts);
  for (const Entry& entry : manifest) check.look_at(entry);
  return check.take();
}

}  // namespace qmail::facts
