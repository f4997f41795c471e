// Finding the .qmail file of a recipient in the working directory, which is the user's home. dot-qmail(5).
#pragma once
#include <optional>
#include <string>

#include "core/programs/qmail-local/recipient.h"

namespace qmail::local {

struct DotQmailFile {
  std::string text;
  bool is_forward_only = false;  ///< its owner may execute it: no mailbox, no command
  std::optional<std::string> matched =
      std::nullopt;  ///< for DEFAULT: the part of the extension "default" stood for
};

/// The first that there is of .qmail, dash and extension, in lower case and with ':' for '.', and then of
/// those with "default" for the end of the extension behind a '-'. Throws Failure if one cannot be opened, or
/// may be written by everybody.
std::optional<DotQmailFile> find_dot_qmail(const Recipient& recipient);

/// The envelope sender of what is forwarded: as it came, or the owner of the list if a file with "-owner"
/// says that the recipient is one. Throws Failure if that cannot be told.
std::string new_sender(const Recipient& recipient);

}  // namespace qmail::local
