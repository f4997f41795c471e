// What a plan is made of. Pure data: it can be printed, compared, saved and reviewed before anything is
// touched. The JSON form is that of the journal: docs/internals/journal.md.
#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <sys/types.h>
#include <variant>
#include <vector>

namespace qmail::transaction {

// Each step lists its members once, in each(): reading and writing JSON both go through it.

struct MakeDirectory {
  std::string path, owner, group;
  mode_t mode = 0;
  static constexpr const char* kind = "make-directory";
  static void each(auto& self, auto visit) {
    visit("path", self.path), visit("owner", self.owner), visit("group", self.group),
        visit("mode", self.mode);
  }
};

/// Replaces what is there, at once.
struct PutFile {
  std::string path, content, owner, group;
  mode_t mode = 0;
  static constexpr const char* kind = "put-file";
  static void each(auto& self, auto visit) {
    visit("path", self.path), visit("content", self.content), visit("owner", self.owner);
    visit("group", self.group), visit("mode", self.mode);
  }
};

struct MakeSymlink {
  std::string path, target;
  static constexpr const char* kind = "make-symlink";
  static void each(auto& self, auto visit) { visit("path", self.path), visit("target", self.target); }
};

struct MakeFifo {
  std::string path, owner, group;
  mode_t mode = 0;
  static constexpr const char* kind = "make-fifo";
  static void each(auto& self, auto visit) { MakeDirectory::each(self, visit); }
};

/// Owner, group and mode of what is there.
struct SetMode {
  std::string path, owner, group;
  mode_t mode = 0;
  static constexpr const char* kind = "set-mode";
  static void each(auto& self, auto visit) { MakeDirectory::each(self, visit); }
};

/// A file, link or fifo, or a directory if it is empty by then.
struct Remove {
  std::string path;
  static constexpr const char* kind = "remove";
  static void each(auto& self, auto visit) { visit("path", self.path); }
};

struct AddGroup {
  std::string name;
  gid_t gid = 0;
  static constexpr const char* kind = "add-group";
  static void each(auto& self, auto visit) { visit("name", self.name), visit("gid", self.gid); }
};

struct AddUser {
  std::string name, group, home;
  uid_t uid = 0;
  static constexpr const char* kind = "add-user";
  static void each(auto& self, auto visit) {
    visit("name", self.name), visit("group", self.group), visit("home", self.home), visit("uid", self.uid);
  }
};

struct RemoveGroup {
  std::string name;
  static constexpr const char* kind = "remove-group";
  static void each(auto& self, auto visit) { visit("name", self.name); }
};

struct RemoveUser {
  std::string name;
  static constexpr const char* kind = "remove-user";
  static void each(auto& self, auto visit) { visit("name", self.name); }
};

/// One verb of the service manager: start, stop, enable, disable, mask, unmask, or reload (without a unit).
struct RunService {
  std::string verb, unit;
  static constexpr const char* kind = "service";
  static void each(auto& self, auto visit) { visit("verb", self.verb), visit("unit", self.unit); }
};

using Step = std::variant<MakeDirectory, PutFile, MakeSymlink, MakeFifo, SetMode, Remove, AddGroup, AddUser,
                          RemoveGroup, RemoveUser, RunService>;

/// What will be done, in order, and nothing about how.
struct Plan {
  std::string title;
  std::vector<Step> steps;
};

nlohmann::json to_json(const Step& step);
nlohmann::json to_json(const Plan& plan);
/// None if a member is missing or of another type. Members that are not known are ignored.
std::optional<Step> parse_step(const nlohmann::json& object);
std::optional<Plan> parse_plan(const nlohmann::json& object);

/// Four digits, as chmod(1) takes them.
std::string octal(mode_t mode);

/// The verb that takes `verb` back; none for reload.
std::optional<std::string> inverse_of(const std::string& verb);

}  // namespace qmail::transaction
