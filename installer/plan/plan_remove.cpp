#include "installer/plan/plan_remove.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "installer/plan/plan_install.h"
#include "installer/plan/settings.h"

namespace qmail::plan {
namespace {

using dialogue::Text;
using facts::Object;
using hier::Entry;
using hier::Type;
using transaction::Remove;
using transaction::RunService;
using transaction::Step;

const char* const home = "/var/qmail";
const char* const queue = "/var/qmail/queue";

bool is_below(const std::string& path, const std::string& folder) { return path.starts_with(folder + "/"); }

class RemovalPlanner {
 public:
  RemovalPlanner(const facts::Facts& facts, bool keep_queue) : facts_(facts), keep_queue_(keep_queue) {}

  Planned plan(const std::vector<Entry>& manifest) {
    planned_.plan.title = remove_title;
    check();
    stop_services();
    for (const Entry& entry : manifest)
      if (!(keep_queue_ && entry.queue)) listed_.insert(entry.path());
    remove_links();
    remove_files();
    remove_accounts();
    return std::move(planned_);
  }

 private:
  void add(Step step) { planned_.plan.steps.push_back(std::move(step)); }

  void check() {
    if (!facts_.is_root) planned_.error("P01", {Text::not_root});
    const bool will_stop = std::any_of(facts_.units.begin(), facts_.units.end(),
                                       [](const auto& unit) { return unit.second.active; });
    if (facts_.sending && !will_stop) planned_.error("P70", {Text::still_sending});
    const std::string count = std::to_string(facts_.queued_messages);
    if (facts_.queued_messages > 0 && !keep_queue_) planned_.error("P71", {Text::queue_not_empty, {count}});
    if (keep_queue_) planned_.note("P71", {Text::kept_queue, {count}});
  }

  void stop_services() {
    for (const auto& [unit, state] : facts_.units) {
      if (state.active) add(RunService{"stop", unit});
      if (state.enabled) add(RunService{"disable", unit});
    }
  }

  void remove_links() {
    for (const char* command : facts::mail_commands)
      if (facts_.objects.contains(command) && facts_.ours.paths.contains(command)) add(Remove{command});
  }

  /// Deepest first, so that a directory is empty when its turn comes, or stays with what it holds.
  void remove_files() {
    for (auto it = facts_.objects.rbegin(); it != facts_.objects.rend(); ++it) {
      const auto& [path, object] = *it;
      const bool inside = path == home || is_below(path, home) || listed_.contains(path);
      if (!inside || (keep_queue_ && (path == queue || is_below(path, queue)))) continue;
      if (object.type == Type::directory ? can_remove_directory(path) : can_remove_file(path)) {
        removed_.insert(path);
        add(Remove{path});
      }
    }
    if (!facts_.units.empty() && !removed_.empty()) add(RunService{"reload", ""});
  }

  bool can_remove_directory(const std::string& path) {
    if (!listed_.contains(path) && !facts_.ours.paths.contains(path) && !facts_.ours.changed.contains(path)) {
      planned_.note("P72", {Text::kept_foreign, {path}});
      return false;
    }
    // The next names in order are those below it.
    for (auto it = facts_.objects.upper_bound(path); it != facts_.objects.end(); ++it) {
      if (!it->first.starts_with(path)) break;
      if (is_below(it->first, path) && !removed_.contains(it->first)) return false;
    }
    return !(keep_queue_ && path == home);
  }

  bool can_remove_file(const std::string& path) {
    const bool in_queue = is_below(path, queue);
    if (listed_.contains(path) || facts_.ours.paths.contains(path) || in_queue) return true;
    const bool changed = facts_.ours.changed.contains(path);
    planned_.note("P72", {changed ? Text::kept_changed : Text::kept_foreign, {path}});
    return false;
  }

  void remove_accounts() {
    if (keep_queue_) return;
    // Backwards, so that taking it back puts the lines where they were.
    for (auto account = std::rbegin(accounts); account != std::rend(accounts); ++account)
      if (facts_.ours.users.contains(account->name) && facts_.accounts.find_user(account->name) != nullptr)
        add(transaction::RemoveUser{account->name});
    for (auto group = std::rbegin(groups); group != std::rend(groups); ++group)
      if (facts_.ours.groups.contains(*group) && facts_.accounts.find_group(*group) != nullptr)
        add(transaction::RemoveGroup{*group});
  }

  const facts::Facts& facts_;
  bool keep_queue_;
  std::set<std::string> listed_;
  std::set<std::string> removed_;
  Planned planned_;
};

}  // namespace

Planned plan_remove(const facts::Facts& facts, const std::vector<Entry>& manifest, bool keep_queue) {
  return RemovalPlanner(facts, keep_queue).plan(manifest);
}

}  // namespace qmail::plan
