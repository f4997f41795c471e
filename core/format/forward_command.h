// The commands for one target of a forwarding database, and the lines of a binary mailing list: texts that
// each end in a NUL and say with their first byte what they are. setforward(1) and newaliases(1) write them
// into a cdb, setmaillist(1) and newinclude(1) into a list; fastforward(1) obeys them.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace qmail {

struct ForwardCommand {
  enum class Kind {
    recipient,       ///< "&address"
    list,            ///< "/name" or "./name" of a binary mailing list
    program,         ///< "|command"
    headed_program,  ///< "!command", with preline(1)'s lines before the message
    unknown,         ///< anything else, and a recipient that is too long
  };
  Kind kind;
  std::string_view text;  ///< with its first byte, without the NUL
};

/// Takes the first command off `data`; none, and `data` unchanged, if no NUL is left.
std::optional<ForwardCommand> take_forward_command(std::string_view& data);
/// What `text` is; the byte in front is part of it.
ForwardCommand::Kind forward_command_kind(std::string_view text);

/// No address that is written may be longer; what is read may be, a little.
inline constexpr std::size_t longest_forward_address = 800;

/// A cdb has the commands of a target under ":target" and its owner under "?target", in lower case.
std::string forward_key(char kind, std::string_view target);

}  // namespace qmail
