// The messages of a maildir as one session sees them: numbered when it begins, marked as deleted, and changed
// only when it ends well. RFC 1939 section 6; maildir(5).
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/fd.h"
#include "core/mailbox/maildir_files.h"

namespace qmail::pop3d {

/// Messages are counted from 0 here, from 1 by clients.
class Maildrop {
 public:
  /// The messages that are older than `now`. Throws Failure.
  static Maildrop open(Directory maildir, std::int64_t now);

  std::size_t size() const { return files_.size(); }
  std::uint64_t bytes_of(std::size_t message) const { return files_[message].size; }
  std::string id_of(std::size_t message) const;
  bool is_deleted(std::size_t message) const { return deleted_[message]; }
  /// Of those that are not deleted.
  std::uint64_t total_bytes() const;
  void mark(std::size_t message) { deleted_[message] = true; }
  void unmark_all();

  /// None, if it is not there any more or is no file.
  std::optional<Fd> open_message(std::size_t message) const;
  /// Removes those that are marked, and moves the others from new/ to cur/. False: some of the first are
  /// still there, or somebody else has moved or removed them.
  [[nodiscard]] bool update();

 private:
  Maildrop(Directory maildir, std::vector<mailbox::MaildirFile> files);
  Directory maildir_;
  std::vector<mailbox::MaildirFile> files_;
  std::vector<bool> deleted_;
};

/// What UIDL says of the file of this name, "new/..." or "cur/...": the part of the name that never changes.
/// Bytes that no client would take for a part of it, a newline above all, are written as a colon, which is in
/// no other id, and two hexadecimal digits.
std::string unique_id(std::string_view name);

}  // namespace qmail::pop3d
