// users/cdb, looked up by a process that goes on while qmail-newu replaces it. qmail-users(5).
#pragma once
#include <optional>
#include <string_view>

#include "core/base/fd.h"
#include "core/base/file_stamp.h"
#include "core/base/map.h"
#include "core/users/assign.h"

namespace qmail {

class AssignedUsers {
 public:
  explicit AssignedUsers(const Directory& home) : home_(home) {}
  /// Whose a local part is by the file that is there now. DamagedCdb also if it cannot be read, NotAssigned
  /// also if there is none.
  users::AssignedUser find(std::string_view local);

 private:
  bool refresh();

  const Directory& home_;
  std::optional<FileStamp> stamp_;  ///< of the file in map_; none: there is no file
  std::optional<MappedFile> map_;
};

}  // namespace qmail
