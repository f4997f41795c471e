#include "installer/transaction/machine.h"

#include "core/base/failure.h"
#include "installer/transaction/account_files.h"
#include "installer/transaction/archive.h"
#include "installer/transaction/services.h"

namespace qmail::transaction {
namespace {

template <typename... Kinds>
constexpr bool is_any(const Step& step) {
  return (std::holds_alternative<Kinds>(step) || ...);
}

bool is_about_user(const Step& step) { return is_any<AddUser, RemoveUser>(step); }
bool is_about_group(const Step& step) { return is_any<AddGroup, RemoveGroup>(step); }
bool is_about_attributes(const Step& step) { return is_any<SetMode, MakeDirectory>(step); }

/// The path or the name a step is about.
std::string subject(const Step& step) {
  return std::visit(
      []<typename Kind>(const Kind& known) -> std::string {
        if constexpr (requires { known.path; }) {
          return known.path;
        } else if constexpr (requires { known.name; }) {
          return known.name;
        } else {
          return known.unit;
        }
      },
      step);
}

/// Where a saved value holds the fingerprint of what was there; "" is that of nothing.
constexpr const char* fingerprint_key = "was";

}  // namespace

Attributes Machine::attributes_of(const std::string& owner, const std::string& group, mode_t mode) const {
  const Accounts accounts = read_accounts(tree_);
  const User* user = accounts.find_user(owner);
  const Group* of = accounts.find_group(group);
  if (user == nullptr) throw Failure(Exit::temporary, "unable to find user " + owner);
  if (of == nullptr) throw Failure(Exit::temporary, "unable to find group " + group);
  return {.uid = user->uid, .gid = of->gid, .mode = mode};
}

Saved Machine::save_file(std::size_t number, const std::string& path) {
  Saved saved{{fingerprint_key, transaction::fingerprint(tree_, path)}};
  if (saved[fingerprint_key] == "") return saved;
  // There is nothing in a socket, and of one whose process was killed nobody needs the name.
  if (const auto status = tree_.find(path); status && S_ISSOCK(status->st_mode)) return saved;
  const std::string archive = std::to_string(number) + ".tar.gz";
  save_object(tree_.parent(path), file_name(path), saved_, archive);
  saved["archive"] = archive;
  return saved;
}

Saved Machine::save(std::size_t number, const Step& step) {
  const std::string name = subject(step);
  if (is_about_user(step)) return save_account(tree_, user_files, name);
  if (is_about_group(step)) return save_account(tree_, group_files, name);
  if (const auto* service = std::get_if<RunService>(&step))
    return {{fingerprint_key, service_state(*service)}};
  if (!is_about_attributes(step)) return save_file(number, name);
  const auto status = tree_.find(name);
  Saved saved{{fingerprint_key, transaction::fingerprint(tree_, name)}};
  if (!status) return saved;
  saved["uid"] = status->st_uid;
  saved["gid"] = status->st_gid;
  saved["mode"] = status->st_mode & 07777U;
  return saved;
}

void Machine::apply(const Step& step) {
  struct Apply {
    Machine& self;
    const Tree& tree;
    void operator()(const MakeDirectory& s) {
      put_directory(tree, s.path, self.attributes_of(s.owner, s.group, s.mode));
    }
    void operator()(const PutFile& s) {
      put_file(tree, s.path, s.content, self.attributes_of(s.owner, s.group, s.mode));
    }
    void operator()(const MakeSymlink& s) { put_link(tree, s.path, s.target); }
    void operator()(const MakeFifo& s) {
      put_fifo(tree, s.path, self.attributes_of(s.owner, s.group, s.mode));
    }
    void operator()(const SetMode& s) {
      put_attributes(tree, s.path, self.attributes_of(s.owner, s.group, s.mode));
    }
    void operator()(const Remove& s) {
      if (!remove(tree, s.path))
        throw Failure(Exit::temporary, "unable to remove " + tree.outside_name(s.path) + ": not empty");
    }
    void operator()(const AddGroup& s) { add_group(tree, s); }
    void operator()(const AddUser& s) { add_user(tree, s); }
    void operator()(const RemoveGroup& s) { remove_account(tree, group_files, s.name); }
    void operator()(const RemoveUser& s) { remove_account(tree, user_files, s.name); }
    void operator()(const RunService& s) { run_service(s.verb, s.unit); }
  };
  std::visit(Apply{*this, tree_}, step);
}

std::string Machine::fingerprint(const Step& step) const {
  const std::string name = subject(step);
  if (is_about_user(step)) return account_line(tree_, user_files, name);
  if (is_about_group(step)) return account_line(tree_, group_files, name);
  if (const auto* service = std::get_if<RunService>(&step)) return service_state(*service);
  return transaction::fingerprint(tree_, name);
}

/// Puts what is there under a name that no later roll-back overwrites.
std::string Machine::keep_aside(const std::string& path) {
  std::string aside = path + ".before-rollback";
  for (unsigned i = 2; tree_.find(aside); ++i) aside = path + ".before-rollback." + std::to_string(i);
  rename(tree_, path, aside);
  return tree_.outside_name(path) + " was changed since: kept as " + tree_.outside_name(aside);
}

std::optional<std::string> Machine::undo_file(const std::string& path, const Saved& saved,
                                              const std::optional<std::string>& made) {
  remove_leftover(tree_, path);
  const std::string now = transaction::fingerprint(tree_, path);
  std::optional<std::string> note;
  if (now == saved.value(fingerprint_key, "")) return note;
  if (!now.empty() && made && now != *made) note = keep_aside(path);
  if (!saved.contains("archive")) {
    remove(tree_, path);
    return note;
  }
  // Restored under a name of its own, then renamed: at no moment is there neither the one nor the other.
  const std::string restored = path + ".restored";
  remove(tree_, restored);
  restore_object(saved_, saved.value("archive", ""), tree_.parent(path), file_name(restored));
  rename(tree_, restored, path);
  return note;
}

std::optional<std::string> Machine::undo_attributes(const std::string& path, const Saved& saved,
                                                    const std::optional<std::string>& made) {
  const std::string now = transaction::fingerprint(tree_, path);
  if (now.empty() || now == saved.value(fingerprint_key, "")) return std::nullopt;
  if (!saved.contains("mode")) {
    if (remove(tree_, path)) return std::nullopt;
    return tree_.outside_name(path) + " is kept: it is not empty";
  }
  if (made && !is_between(now, *made, saved.value(fingerprint_key, "")))
    return tree_.outside_name(path) + " was changed since: left as it is";
  put_attributes(
      tree_, path,
      {.uid = saved.value("uid", 0U), .gid = saved.value("gid", 0U), .mode = saved.value("mode", 0U)});
  return std::nullopt;
}

std::optional<std::string> Machine::undo(const Step& step, const Saved& saved,
                                         const std::optional<std::string>& made) {
  const std::string name = subject(step);
  if (is_about_attributes(step)) return undo_attributes(name, saved, made);
  if (is_about_user(step)) return undo_account(tree_, user_files, name, saved, made);
  if (is_about_group(step)) return undo_account(tree_, group_files, name, saved, made);
  const auto* service = std::get_if<RunService>(&step);
  if (service == nullptr) return undo_file(name, saved, made);
  if (service->verb == "reload") run_service("reload", "");
  const auto back = inverse_of(service->verb);
  if (back && service_state(*service) != saved.value(fingerprint_key, "")) run_service(*back, service->unit);
  return std::nullopt;
}

}  // namespace qmail::transaction
