#include "core/programs/fastforward/expansion.h"

#include <algorithm>

#include "core/base/failure.h"
#include "core/format/forward_command.h"

namespace qmail {
namespace {

/// The data for `address` itself, for any user at its host, or for its user at any host.
std::optional<std::string_view> find_with_wildcards(const CdbView& database, char kind,
                                                    const std::string& address) {
  if (const auto data = database.find(forward_key(kind, address))) return data;
  const std::size_t at = address.rfind('@');
  if (at == std::string::npos) return std::nullopt;
  if (const auto data = database.find(forward_key(kind, address.substr(at)))) return data;
  return database.find(forward_key(kind, address.substr(0, at + 1)));
}

}  // namespace

std::optional<Forwarding> Expansion::expand(const std::string& recipient, bool may_have_owner) {
  followed_.insert(recipient);
  if (may_have_owner)
    if (const auto owner = find_with_wildcards(database_, '?', recipient))
      found_.owner = owner->substr(0, owner->find('\0'));
  const auto commands = find_with_wildcards(database_, ':', recipient);
  if (!commands) return std::nullopt;
  obey(*commands, true);
  while (!ahead_.empty()) {
    const std::string command = std::move(ahead_.back());
    ahead_.pop_back();
    if (followed_.insert(command).second) follow(command);
  }
  std::reverse(found_.recipients.begin(), found_.recipients.end());
  return std::move(found_);
}

void Expansion::obey(std::string_view commands, bool may_run_programs) {
  using Kind = ForwardCommand::Kind;
  while (const auto command = take_forward_command(commands)) {
    bytes_ += command->text.size() + 1;
    if (bytes_ > most_bytes)
      throw Failure(Exit::temporary,
                    "too many recipients: over " + std::to_string(most_bytes >> 20) + " MB of addresses");
    if (command->kind == Kind::recipient || command->kind == Kind::list) ahead_.emplace_back(command->text);
    const bool is_program = command->kind == Kind::program || command->kind == Kind::headed_program;
    if (is_program && may_run_programs) found_.programs.emplace_back(command->text);
  }
}

void Expansion::follow(const std::string& command) {
  if (command.front() == '&') return follow_recipient(command.substr(1));
  obey(read_list_(command), false);
}

void Expansion::follow_recipient(const std::string& address) {
  // One with an owner is left to the delivery to come, which sends with that owner.
  if (!database_.find(forward_key('?', address)))
    if (const auto commands = database_.find(forward_key(':', address))) return obey(*commands, true);
  found_.recipients.push_back(address);
}

}  // namespace qmail
