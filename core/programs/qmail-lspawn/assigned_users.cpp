#include "core/programs/qmail-lspawn/assigned_users.h"

#include <cerrno>
#include <string>

namespace qmail {
namespace {

constexpr const char* cdb_name = "users/cdb";

}  // namespace

users::AssignedUser AssignedUsers::find(std::string_view local) {
  if (!refresh()) return users::DamagedCdb{};
  if (!map_) return users::NotAssigned{};
  return users::find_assigned(map_->bytes(), local);
}

/// False if there is a file that cannot be read.
bool AssignedUsers::refresh() {
  const auto now = FileStamp::of(home_.get(), cdb_name);
  if (now && now == stamp_) return true;
  map_.reset();
  stamp_.reset();
  if (!now) return errno == ENOENT;
  const Fd file = home_.try_file(cdb_name);
  if (!file) return errno == ENOENT;
  // Of what was opened: it may have been replaced since.
  stamp_ = FileStamp::of(file.get());
  map_ = MappedFile::map(file);
  if (!map_) stamp_.reset();
  return map_.has_value();
}

}  // namespace qmail
