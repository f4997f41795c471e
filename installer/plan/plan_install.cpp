#include "installer/plan/plan_install.h"

#include <string_view>

#include "installer/plan/account_plan.h"
#include "installer/plan/preflight.h"
#include "installer/plan/settings.h"

namespace qmail::plan {
namespace {

using dialogue::Text;
using facts::Object;
using hier::Entry;
using hier::Type;
using transaction::MakeDirectory;
using transaction::MakeFifo;
using transaction::MakeSymlink;
using transaction::PutFile;
using transaction::RunService;
using transaction::SetMode;
using transaction::Step;

constexpr mode_t setting_mode = 0644;

class InstallPlanner {
 public:
  InstallPlanner(const facts::Facts& facts, const dialogue::Answers& answers)
      : facts_(facts), answers_(answers) {}

  Planned plan(const std::vector<Entry>& manifest) {
    planned_.plan.title = "install";
    preflight(facts_, answers_, planned_);
    ids_ = plan_accounts(facts_, answers_, planned_);
    for (const Entry& entry : manifest) place(entry);
    if (!missing_.empty()) planned_.error("P50", {Text::not_placed, {missing_}});
    write_ids();
    write_settings();
    write_rules();
    make_alias_mailbox();
    link_mail_commands();
    start_services();
    return std::move(planned_);
  }

 private:
  void add(Step step) { planned_.plan.steps.push_back(std::move(step)); }

  const Object* find(const std::string& path) const {
    const auto found = facts_.objects.find(path);
    return found == facts_.objects.end() ? nullptr : &found->second;
  }

  bool has_attributes(const Object& object, const std::string& owner, const std::string& group,
                      mode_t mode) const {
    return object.uid == ids_.uid_of(owner) && object.gid == ids_.gid_of(group) && object.mode == mode;
  }

  /// True if something is there; with another type that is an error.
  bool is_there(const std::string& path, Type type) {
    const Object* object = find(path);
    if (object == nullptr) return false;
    if (object->other || object->type != type) planned_.error("P51", {Text::wrong_type, {path}});
    return true;
  }

  void place(const Entry& entry) {
    const std::string path = entry.path();
    if (entry.type == Type::link) return place_link(path, *entry.to);
    if (is_there(path, entry.type)) {
      if (!has_attributes(*find(path), entry.owner, entry.group, entry.mode))
        add(SetMode{path, entry.owner, entry.group, entry.mode});
    } else if (entry.type == Type::directory) {
      add(MakeDirectory{path, entry.owner, entry.group, entry.mode});
    } else if (entry.type == Type::fifo) {
      add(MakeFifo{path, entry.owner, entry.group, entry.mode});
    } else if (entry.zeros) {
      add(PutFile{path, std::string(*entry.zeros, '\0'), entry.owner, entry.group, entry.mode});
    } else {
      missing_ += (missing_.empty() ? "" : ", ") + path;
    }
  }

  void place_link(const std::string& path, const std::string& target) {
    if (!is_there(path, Type::link) || find(path)->target != target) add(MakeSymlink{path, target});
  }

  void write_ids() {
    const std::string path = "/var/qmail/users/ids";
    std::string text;
    for (const Account& account : accounts) {
      if (!is_needed(account, facts_, answers_)) continue;
      text += std::string(account.name) + ":" + std::to_string(ids_.uid_of(account.name)) + ":" +
              std::to_string(ids_.gid_of(account.group)) + "\n";
    }
    const Object* now = find(path);
    if (now == nullptr || now->content != text) add(PutFile{path, text, "root", "qmail", setting_mode});
  }

  void write_settings() {
    // Their absence means a default that the administrator may have chosen, unless all of this is new.
    const bool is_new = find("/var/qmail/control/me") == nullptr;
    for (const Setting& setting : first_settings(answers_)) {
      const bool is_limit = setting.path.find("/concurrency") != std::string::npos;
      const bool is_meaning = setting.path.ends_with("/badpatterns");
      // A list that is there already was written in its old meaning.
      if (is_meaning && find("/var/qmail/control/badmailfrom") != nullptr) continue;
      if (find(setting.path) == nullptr && (is_new || !(is_limit || is_meaning)))
        add(PutFile{setting.path, setting.content, "root", "qmail", setting_mode});
    }
  }

  void write_rules() {
    const std::string compiled_path = std::string(rules_path) + ".cdb";
    const Object* rules = find(rules_path);
    const bool is_compiled = find(compiled_path) != nullptr;
    if (rules == nullptr && is_compiled) return;
    if (rules == nullptr) add(PutFile{rules_path, first_rules(), "root", "qmail", setting_mode});
    if (is_compiled) return;
    if (rules != nullptr && rules->content != first_rules())
      return planned_.warning("P60", {Text::rules_without_cdb});
    add(PutFile{compiled_path, compiled_first_rules(), "root", "qmail", setting_mode});
  }

  /// Mail for postmaster must not wait for somebody to make a mailbox.
  void make_alias_mailbox() {
    constexpr mode_t mode = 0700;
    if (!answers_.postmaster.empty()) return;
    for (const char* part : {"", "/tmp", "/new", "/cur"}) {
      const std::string path = std::string("/var/qmail/alias/Maildir") + part;
      if (!is_there(path, Type::directory)) add(MakeDirectory{path, "alias", "nofiles", mode});
    }
  }

  void link_mail_commands() {
    const std::string ours = "/var/qmail/bin/sendmail";
    for (const std::string command : facts::mail_commands) {
      const Object* folder = find(command.substr(0, command.rfind('/')));
      const Object* now = find(command);
      if (now != nullptr && now->target != ours)
        planned_.warning("P21", {Text::mail_command_taken, {command}});
      else if (now == nullptr && folder != nullptr)
        add(MakeSymlink{command, ours});
    }
  }

  void start_services() {
    std::vector<Step> steps;
    for (const auto& [unit, state] : facts_.units)
      if (!state.enabled) steps.push_back(RunService{"enable", unit});
    for (const auto& [unit, state] : facts_.units)
      if (!state.active) steps.push_back(RunService{"start", unit});
    if (steps.empty()) return;
    add(RunService{"reload", ""});
    for (Step& step : steps) add(std::move(step));
  }

  const facts::Facts& facts_;
  const dialogue::Answers& answers_;
  Ids ids_;
  std::string missing_;  ///< what cmake --install should have placed
  Planned planned_;
};

}  // namespace

Planned plan_install(const facts::Facts& facts, const dialogue::Answers& answers,
                     const std::vector<Entry>& manifest) {
  return InstallPlanner(facts, answers).plan(manifest);
}

}  // namespace qmail::plan
