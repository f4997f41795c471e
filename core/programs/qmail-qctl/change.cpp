#include "core/programs/qmail-qctl/change.h"

#include <algorithm>
#include <array>
#include <map>
#include <span>

#include "core/base/failure.h"
#include "core/format/json.h"
#include "core/programs/qmail-qctl/queue_owner.h"

namespace qmail::qctl {
namespace {

namespace admin = queue::admin;
using admin::Operation;
using admin::Result;
using admin::Target;

/// How a result is called, and what is said of a message with it.
struct Wording {
  std::string_view name;
  std::string_view text;
  bool fails;
};

// In the order of enum class Result.
constexpr std::array<Wording, 6> wordings{{
    {"done", "", false},
    {"running", "done, but for a delivery that runs: what is deferred follows then", false},
    {"held", "is held: release it", true},
    {"gone", "has left the queue meanwhile", false},
    {"busy", "is just being taken in: try again", true},
    {"trouble", "not done: see the log of qmail-send, and the disk", true},
}};
static_assert(wordings.size() == static_cast<std::size_t>(Result::last_result) + 1);

const Wording& wording_of(Result result) { return wordings.at(static_cast<std::size_t>(result)); }

Operation operation_of(const std::string& verb) {
  std::size_t number = 0;
  while (admin::name_of(static_cast<Operation>(number)) != verb) ++number;
  return static_cast<Operation>(number);
}

std::vector<Target> select_targets(const QueueInView& view, const Selection& selection) {
  std::vector<Target> targets;
  visit_selected(view.queue, view.read_routing, selection, view.now, [&](queue::view::Message& message) {
    if (const auto info = message.info())
      targets.push_back({message.number(), info->birth, admin::sum_of(info->sender)});
  });
  // Folder by folder: who changes many names in few folders has few folders to sync.
  std::sort(targets.begin(), targets.end(), [](const Target& a, const Target& b) {
    return std::pair(a.number % queue::split, a.number) < std::pair(b.number % queue::split, b.number);
  });
  return targets;
}

class Outcome {
 public:
  explicit Outcome(const Command& command) : command_(command) {}

  void take(std::span<const Target> targets, const admin::Reply& reply, Writer& err) {
    for (std::size_t i = 0; i < targets.size(); ++i) {
      const Wording& wording = wording_of(reply[i]);
      ++counts_[reply[i]];
      has_failed_ = has_failed_ || wording.fails;
      if (reply[i] == Result::done) continue;
      err.put("#").put(std::to_string(targets[i].number)).put(": ").put(wording.text).put("\n");
    }
  }

  std::string text() const {
    json::Object object;
    std::string lines;
    object.put("operation", std::string_view(command_.verb));
    for (std::size_t i = 0; i < wordings.size(); ++i) {
      const auto found = counts_.find(static_cast<Result>(i));
      const std::uint64_t count = found == counts_.end() ? 0 : found->second;
      object.put(wordings[i].name, count);
      if (count > 0 || i == 0)
        lines.append(command_.verb).append(", ").append(wordings[i].name).append(": ") +=
            std::to_string(count) + "\n";
    }
    return command_.json ? object.text() + "\n" : lines;
  }

  int exit_code() const { return static_cast<int>(has_failed_ ? Exit::temporary : Exit::ok); }

 private:
  const Command& command_;
  std::map<Result, std::uint64_t> counts_;
  bool has_failed_ = false;
};

}  // namespace

int change_messages(const ChangeWorld& world, const Command& command, Writer& out, Writer& err) {
  const std::vector<Target> targets = select_targets(world.view, command.selection);
  auto owner = find_qmail_send(world.view.queue);
  if (!owner) owner = take_queue(world.home, world.view.queue, world.clock, err);
  Outcome outcome(command);
  for (std::span<const Target> rest = targets; !rest.empty();) {
    const auto some = rest.first(std::min(rest.size(), admin::most_targets));
    const auto reply = owner->carry_out({.operation = operation_of(command.verb),
                                         .reason = command.reason,
                                         .targets = {some.begin(), some.end()}});
    outcome.take(some, reply, err);
    rest = rest.subspan(some.size());
  }
  out.put(outcome.text());
  return outcome.exit_code();
}

}  // namespace qmail::qctl
