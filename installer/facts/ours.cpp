#include <map>

#include "installer/facts/facts.h"
#include "installer/transaction/files.h"

namespace qmail::facts {
namespace {

using transaction::AddGroup;
using transaction::AddUser;
using transaction::fingerprint;
using transaction::Journal;
using transaction::MakeDirectory;
using transaction::MakeFifo;
using transaction::MakeSymlink;
using transaction::PutFile;
using transaction::Remove;
using transaction::RemoveGroup;
using transaction::RemoveUser;
using transaction::Step;
using transaction::Store;
using transaction::Tree;

/// The last word of the journals about each name.
class Record {
 public:
  void take(const Journal& journal) {
    for (std::size_t i = 0; i < journal.plan().steps.size(); ++i)
      if (journal.is_done(i) && !journal.is_undone(i)) take(journal.plan().steps[i], *journal.made(i));
  }

  Ours settle(const Tree& tree) const {
    Ours ours{.paths = {}, .changed = {}, .users = users_, .groups = groups_};
    for (const auto& [path, made] : made_) {
      const std::string now = fingerprint(tree, path);
      if (!now.empty()) (now == made ? ours.paths : ours.changed).insert(path);
    }
    return ours;
  }

 private:
  void take(const Step& step, const std::string& made) {
    if (const auto* s = std::get_if<PutFile>(&step)) made_[s->path] = made;
    if (const auto* s = std::get_if<MakeSymlink>(&step)) made_[s->path] = made;
    if (const auto* s = std::get_if<MakeDirectory>(&step)) made_[s->path] = made;
    if (const auto* s = std::get_if<MakeFifo>(&step)) made_[s->path] = made;
    if (const auto* s = std::get_if<Remove>(&step)) made_.erase(s->path);
    if (const auto* s = std::get_if<AddUser>(&step)) users_.insert(s->name);
    if (const auto* s = std::get_if<RemoveUser>(&step)) users_.erase(s->name);
    if (const auto* s = std::get_if<AddGroup>(&step)) groups_.insert(s->name);
    if (const auto* s = std::get_if<RemoveGroup>(&step)) groups_.erase(s->name);
  }

  std::map<std::string, std::string> made_;
  std::set<std::string> users_, groups_;
};

}  // namespace

Ours find_ours(const Tree& tree, const Store& store) {
  Record record;
  for (const std::string& id : store.ids()) record.take(store.read(id));
  return record.settle(tree);
}

}  // namespace qmail::facts
