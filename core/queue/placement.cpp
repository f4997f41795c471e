#include "core/queue/placement.h"

#include <array>
#include <cerrno>
#include <utility>

#include "core/base/ordered.h"
#include "core/base/publish.h"
#include "core/base/sys.h"

namespace qmail::queue {
namespace {

constexpr std::array list_parts{Part::local, Part::remote, Part::bounce};

using MaybeTrouble = std::optional<Trouble>;
using Warn = std::function<void(const Trouble&)>;

/// One message on its way.
class Placement {
 public:
  Placement(Names& names, LogMessagePtr message) : names_(&names), message_(std::move(message)) {}

  const LogMessagePtr& message() const { return message_; }

  /// Everything but the name of info.
  MaybeTrouble write() {
    if (std::exchange(message_->may_have_files, true))
      for (const Part part : list_parts)
        if (auto trouble = names_->remove(part, message_->number)) return trouble;
    for (const Channel channel : every_channel)
      if (has_list(channel))
        if (auto trouble = write_list(channel)) return trouble;
    if (!message_->bounce.empty())
      if (auto trouble = write_file(Part::bounce, message_->bounce, std::nullopt)) return trouble;
    info_ = names_->open_unnamed(Part::info, message_->number, file_mode);
    return info_ ? fill(info_, Part::info, info_record(), birth()) : std::nullopt;
  }

  /// Where order is kept, what leads to the content comes to the disk with the name of info, or earlier.
  MaybeTrouble sync() { return sync_by(names_->keeps_order() ? sys::write_back : sys::fsync); }

  /// From here on it is the layout's.
  MaybeTrouble name_info() {
    // Only an info that never counted can be there.
    if (auto trouble = names_->remove(Part::info, message_->number)) return trouble;
    if (info_) {
      if (names_->link(info_, Part::info, message_->number) == 0) return std::nullopt;
      return trouble("unable to create", Part::info);
    }
    // A filesystem without unnamed files. A crash may leave the name alone: such an info does not count.
    if (auto trouble = write_file(Part::info, info_record(), birth())) return trouble;
    return sync_by(sys::fsync);
  }

 private:
  MaybeTrouble sync_by(int (*sync_one)(int)) {
    for (const auto& [part, file] : files_)
      if (sync_one(file.get()) < 0) return trouble("trouble fsyncing", part);
    if (info_ && sync_one(info_.get()) < 0) return trouble("trouble fsyncing", Part::info);
    files_.clear();
    return std::nullopt;
  }

  bool has_list(Channel channel) const {
    const auto attempt = message_->attempt(channel);
    return attempt != LogMessage::Attempt::none && attempt != LogMessage::Attempt::finished;
  }
  timespec birth() const { return {message_->birth, message_->birth_part}; }
  std::string info_record() const { return "F" + message_->sender + '\0'; }
  Trouble trouble(std::string_view what, Part part) const { return {what, name_of(part, message_->number)}; }

  MaybeTrouble write_list(Channel channel) {
    const bool deferred = message_->attempt(channel) == LogMessage::Attempt::deferred;
    return write_file(part_of(channel), message_->list(channel),
                      timespec{deferred ? message_->due[at(channel)] : message_->arrival, 0});
  }

  MaybeTrouble write_file(Part part, std::string_view bytes, std::optional<timespec> time) {
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL;
    Fd file = names_->open(part, message_->number, flags, file_mode);
    if (!file) return trouble("unable to create", part);
    if (auto trouble = fill(file, part, bytes, time)) return trouble;
    files_.emplace_back(part, std::move(file));
    return std::nullopt;
  }

  MaybeTrouble fill(const Fd& file, Part part, std::string_view bytes, std::optional<timespec> time) {
    if (!try_write_all(file.get(), bytes)) return trouble("trouble writing to", part);
    begin_write_back(file.get());
    if (time && sys::futimens(file.get(), {*time, *time}) < 0) return trouble("unable to utime", part);
    return std::nullopt;
  }

  Names* names_;
  LogMessagePtr message_;
  std::vector<std::pair<Part, Fd>> files_;  ///< written, not yet synced
  Fd info_;                                 ///< without its name
};

/// Keeps those for which `step` succeeds.
void keep_if(std::vector<Placement>& all, const Warn& warn, MaybeTrouble (Placement::*step)()) {
  std::erase_if(all, [&](Placement& one) {
    const auto trouble = (one.*step)();
    if (trouble) warn(*trouble);
    return trouble.has_value();
  });
}

std::vector<Number> numbers_of(const std::vector<Placement>& all) {
  std::vector<Number> numbers;
  for (const Placement& one : all) numbers.push_back(one.message()->number);
  return numbers;
}

}  // namespace

std::vector<LogMessagePtr> move_to_layout(Names& names, std::span<const LogMessagePtr> messages,
                                          const Warn& warn) {
  std::vector<Placement> all;
  for (const LogMessagePtr& message : messages) all.emplace_back(names, message);
  const auto sync_names = [&](std::span<const Part> parts) {
    const auto trouble = names.sync(parts, numbers_of(all));
    if (!trouble) return;
    warn(*trouble);
    all.clear();
  };
  // All are written before the first is synced: one commit may then do for all.
  keep_if(all, warn, &Placement::write);
  keep_if(all, warn, &Placement::sync);
  sync_names(list_parts);
  keep_if(all, warn, &Placement::name_info);
  sync_names(std::array{Part::info});
  std::vector<LogMessagePtr> moved;
  for (const Placement& one : all) {
    one.message()->stage = LogMessage::Stage::moved;
    moved.push_back(one.message());
  }
  return moved;
}

}  // namespace qmail::queue
