// A machine in memory that can stop at any point, as a power cut would, and a journal's sink that can too.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "installer/transaction/engine.h"

namespace qmail::transaction {

/// Thrown at the chosen point. No code under test catches it.
struct PowerCut {};

/// Counts the points at which the power may fail.
class Power {
 public:
  void fail_at(std::optional<std::size_t> point) {
    fail_at_ = point;
    passed_ = 0;
  }
  void pass() {
    if (fail_at_ && passed_ == *fail_at_) throw PowerCut();
    ++passed_;
  }

 private:
  std::optional<std::size_t> fail_at_;
  std::size_t passed_ = 0;
};

/// Everything on the machine, as texts by name: "/a/file", "user qmailq", "shadow qmailq", "unit x".
using World = std::map<std::string, std::string>;

class MemorySystem final : public System {
 public:
  MemorySystem(World& world, Power& power) : world_(world), power_(power) {}

  Saved save(std::size_t, const Step& step) override {
    power_.pass();
    Saved saved = Saved::object();
    for (const auto& [name, value] : wanted(step))
      if (world_.contains(name)) saved[name] = world_[name];
    return saved;
  }

  void apply(const Step& step) override {
    for (const auto& [name, value] : wanted(step)) put(name, value);
  }

  /// Of a step in several parts the last one counts: until that is undone, the step is not.
  std::string fingerprint(const Step& step) const override {
    const std::string name = wanted(step).rbegin()->first;
    return world_.contains(name) ? "is " + world_.at(name) : "";
  }

  std::optional<std::string> undo(const Step& step, const Saved& saved,
                                  const std::optional<std::string>& made) override {
    const std::string now = fingerprint(step);
    const std::string last = wanted(step).rbegin()->first;
    const std::string was = saved.contains(last) ? "is " + saved[last].get<std::string>() : "";
    if (made && !now.empty() && now != *made && now != was) world_[last + ".before-rollback"] = world_[last];
    for (const auto& [name, value] : wanted(step))
      put(name, saved.contains(name) ? std::optional(saved[name].get<std::string>()) : std::nullopt);
    return std::nullopt;
  }

 private:
  /// What each name is to hold after the step; none: nothing.
  static std::map<std::string, std::optional<std::string>> wanted(const Step& step) {
    if (const auto* s = std::get_if<MakeDirectory>(&step)) return {{s->path, "directory " + s->owner}};
    if (const auto* s = std::get_if<PutFile>(&step)) return {{s->path, s->content}};
    if (const auto* s = std::get_if<MakeSymlink>(&step)) return {{s->path, "-> " + s->target}};
    if (const auto* s = std::get_if<Remove>(&step)) return {{s->path, std::nullopt}};
    if (const auto* s = std::get_if<AddUser>(&step))
      return {{"user " + s->name, s->home}, {"shadow " + s->name, "!"}};
    if (const auto* s = std::get_if<RemoveUser>(&step))
      return {{"user " + s->name, std::nullopt}, {"shadow " + s->name, std::nullopt}};
    if (const auto* s = std::get_if<RunService>(&step)) return {{"unit " + s->unit, s->verb}};
    return {};
  }

  void put(const std::string& name, const std::optional<std::string>& value) {
    power_.pass();
    if (value) {
      world_[name] = *value;
    } else {
      world_.erase(name);
    }
    power_.pass();
  }

  World& world_;
  Power& power_;
};

/// A sink onto `disk`; the power may fail before and after each line.
inline Journal::Sink sink_onto(std::string& disk, Power& power) {
  return [&disk, &power](std::string_view line) {
    power.pass();
    disk += line;
    power.pass();
  };
}

inline Plan sample_plan() {
  return {
      .title = "sample",
      .steps = {AddUser{.name = "qmailq", .group = "qmail", .home = "/var/qmail", .uid = 7},
                MakeDirectory{.path = "/var/qmail", .owner = "root", .group = "qmail", .mode = 0755},
                PutFile{.path = "/etc/old", .content = "new", .owner = "root", .group = "root", .mode = 0644},
                MakeSymlink{.path = "/usr/sbin/sendmail", .target = "/var/qmail/bin/sendmail"},
                Remove{.path = "/etc/gone"}, RunService{.verb = "start", .unit = "qmail-send"}}};
}

inline World original_world() {
  return {{"/etc/old", "old"}, {"/etc/gone", "keep me"}, {"unit qmail-send", "stop"}};
}

inline World finished_world() {
  return {{"/etc/old", "new"},
          {"/usr/sbin/sendmail", "-> /var/qmail/bin/sendmail"},
          {"/var/qmail", "directory root"},
          {"shadow qmailq", "!"},
          {"unit qmail-send", "start"},
          {"user qmailq", "/var/qmail"}};
}

}  // namespace qmail::transaction
