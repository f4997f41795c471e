#include "core/programs/qmail-qctl/command.h"

#include <algorithm>
#include <array>

#include "core/base/options.h"
#include "core/base/program.h"
#include "core/queue/admin_protocol.h"

namespace qmail::qctl {
namespace {

struct Verb {
  std::string_view name;
  std::string_view own_options;  ///< besides those that select
  bool is_choosy = false;        ///< it must be said which
  bool selects = true;
};

constexpr std::array<Verb, 9> verbs{{
    {.name = "list", .own_options = "jn"},
    {.name = "show", .own_options = "jw", .is_choosy = true},
    {.name = "stats", .own_options = "j"},
    {.name = "retry", .own_options = "j", .is_choosy = true},
    {.name = "hold", .own_options = "j", .is_choosy = true},
    {.name = "release", .own_options = "j", .is_choosy = true},
    {.name = "delete", .own_options = "j", .is_choosy = true},
    {.name = "bounce", .own_options = "jt", .is_choosy = true},
    {.name = "settle", .own_options = "", .selects = false},
}};

constexpr std::array<NamedOption, 15> names{{
    {"sender", 's', true},
    {"recipient", 'r', true},
    {"domain", 'd', true},
    {"channel", 'c', true},
    {"older", 'o', true},
    {"younger", 'y', true},
    {"larger", 'l', true},
    {"smaller", 'm', true},
    {"header", 'h', true},
    {"body", 'b', true},
    {"all", 'a', false},
    {"json", 'j', false},
    {"numbers", 'n', false},
    {"raw", 'w', false},
    {"reason", 't', true},
}};
constexpr std::string_view selecting = "srdcoylmhba";

UsageError wrong(const std::string& problem) { return UsageError(Exit::permanent, problem); }

const Verb& find_verb(const std::string& name) {
  const auto found =
      std::find_if(verbs.begin(), verbs.end(), [&](const Verb& verb) { return verb.name == name; });
  if (found == verbs.end()) throw wrong("no such command: " + name);
  return *found;
}

Pattern pattern_of(const std::string& text) {
  auto pattern = Pattern::parse(text);
  if (!pattern) throw wrong("not a pattern: " + text);
  return std::move(*pattern);
}

template <typename Value>
Value value_of(std::optional<Value> value, const std::string& text, const std::string& what) {
  if (!value) throw wrong("not " + what + ": " + text);
  return *value;
}

queue::Channel channel_of(const std::string& text) {
  for (const queue::Channel channel : queue::every_channel)
    if (queue::name_of(channel) == text) return channel;
  throw wrong("not a channel (local, remote): " + text);
}

/// It goes into the bounce, which must stay whole.
std::string reason_of(const std::string& text) {
  if (text.size() > queue::admin::longest_reason) throw wrong("the reason is too long");
  return text;
}

void take(char option, const std::string& value, Command& command) {
  Selection& selection = command.selection;
  switch (option) {
    case 's': selection.senders.push_back(pattern_of(value)); break;
    case 'r': selection.recipients.push_back(pattern_of(value)); break;
    case 'd': selection.domains.push_back(value); break;
    case 'c': selection.channel = channel_of(value); break;
    case 'o': selection.older_seconds = value_of(parse_seconds(value), value, "a time"); break;
    case 'y': selection.younger_seconds = value_of(parse_seconds(value), value, "a time"); break;
    case 'l': selection.larger_bytes = value_of(parse_bytes(value), value, "a size"); break;
    case 'm': selection.smaller_bytes = value_of(parse_bytes(value), value, "a size"); break;
    case 'h': selection.headers.push_back(pattern_of(value)); break;
    case 'b': selection.bodies.push_back(pattern_of(value)); break;
    case 'a': command.all = true; break;
    case 'j': command.json = true; break;
    case 'n': command.numbers_only = true; break;
    case 'w': command.raw = true; break;
    default: command.reason = reason_of(value);
  }
}

/// "457", and as the lists show it, "#457".
queue::Number number_of(std::string text) {
  if (text.starts_with('#')) text.erase(0, 1);
  return value_of(queue::parse_message_number(text), text, "a message number");
}

}  // namespace

Command parse_command(const std::vector<std::string>& args) {
  if (args.empty()) throw UsageError();
  const Verb& verb = find_verb(args.front());
  Command command{.verb = args.front()};
  const std::vector<std::string> behind(args.begin() + 1, args.end());
  Options options(behind, "", names);
  while (const auto option = options.next()) {
    if (option == '?') throw wrong(options.problem());
    const bool is_own = verb.own_options.find(*option) != std::string_view::npos;
    if (!is_own && !(verb.selects && selecting.find(*option) != std::string_view::npos))
      throw wrong(command.verb + " has no such option");
    take(*option, options.value(), command);
  }
  for (const std::string& text : options.rest()) command.selection.numbers.push_back(number_of(text));
  const bool is_narrow = !command.selection.numbers.empty() || !command.selection.is_open();
  if (!verb.selects && is_narrow) throw wrong(command.verb + " is about all messages");
  if (verb.is_choosy && !is_narrow && !command.all) throw wrong("which messages? --all stands for all");
  if (command.all && is_narrow) throw wrong("--all does not go with anything that selects");
  return command;
}

}  // namespace qmail::qctl
