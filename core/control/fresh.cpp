#include "core/control/fresh.h"

#include <algorithm>
#include <cerrno>

#include "core/base/resident.h"

namespace qmail {
namespace {

Directory kept_directory(const Directory& directory) {
  Fd fd = resident::keep(Fd(::fcntl(directory.get(), F_DUPFD_CLOEXEC, 0)));
  if (!fd) throw Failure::system("open directory " + directory.label());
  return Directory::adopt(std::move(fd), directory.label());
}

}  // namespace

bool OpenHome::is_same(const Process& self) {
  if (control_) {
    const auto now = FileStamp::of(control_->directory().label());
    if (now && now->is_same_file(stamp_)) return true;
  }
  const Directory home = self.home();
  control_.emplace(kept_directory(home.sub("control")));
  home_.emplace(kept_directory(home));
  stamp_ = FileStamp::of(control_->directory().get()).value_or(FileStamp{});
  return false;
}

std::vector<int> OpenHome::kept() const {
  std::vector<int> numbers;
  if (home_) numbers.push_back(home_->get());
  if (control_) numbers.push_back(control_->directory().get());
  return numbers;
}

bool is_unchanged(const Control& control, std::int64_t read_at) {
  const auto directory = FileStamp::of(control.directory().get());
  const bool has_same_names = directory && directory == control.stamp() && directory->is_older_than(read_at);
  const auto is_as_read = [&](const Control::Asked& asked) {
    if (has_same_names && !asked.stamp && !asked.is_link_to_nothing) return true;
    if (asked.is_by_name) return false;
    const auto now = FileStamp::of(control.directory().get(), asked.name);
    if (!now) return !asked.stamp && errno == ENOENT;
    return now == asked.stamp && now->is_older_than(read_at);
  };
  return std::all_of(control.asked().begin(), control.asked().end(), is_as_read);
}

}  // namespace qmail
