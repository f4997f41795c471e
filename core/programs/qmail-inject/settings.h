// What the environment and the control files tell qmail-inject. qmail-inject(8).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "core/base/environment.h"
#include "core/control/control.h"
#include "core/control/lookup.h"
#include "core/format/completion.h"

namespace qmail::inject {

/// The letters of $QMAILINJECT.
struct Wishes {
  std::string letters;
  bool name_as_comment() const { return has('c'); }
  bool drop_return_path() const { return has('s'); }
  bool drop_from() const { return has('f'); }
  bool drop_message_id() const { return has('i'); }
  bool sender_per_recipient() const { return has('r'); }
  bool sender_per_message() const { return has('m'); }

 private:
  bool has(char letter) const { return letters.find(letter) != std::string::npos; }
};

/// Who writes, as far as the environment says.
struct Author {
  std::string user;
  std::optional<std::string> host;
  std::optional<std::string> name;
  std::string sender_user;  ///< of the envelope
  std::optional<std::string> sender_host;
  static Author from(const Environment& environment);
};

struct Settings {
  Wishes wishes;
  Author author;
  header::Completion completion;
  std::string id_host;
  std::optional<NoCaseMap> mailing_lists;  ///< those of $QMAILMFTFILE
  std::int64_t now;
  pid_t pid;
};

/// Throws Failure if a control file or $QMAILMFTFILE cannot be read or holds what is no host name.
Settings read_settings(const Environment& environment, const Control& control, std::int64_t now, pid_t pid);

}  // namespace qmail::inject
