// Where the queue keeps what: the only place that spells its paths. The layout is that of every qmail, and
// docs/internals/queue.md describes it with the files' formats. Every name is relative to the queue
// directory.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "core/base/fd.h"

namespace qmail::queue {

/// What names a message: the inode number of its mess file.
using Number = std::uint64_t;

/// The files a message can have, each in a folder of the same name.
enum class Part { mess, intd, todo, info, local, remote, bounce };
inline constexpr std::array<Part, 7> every_part{Part::mess,  Part::intd,   Part::todo,  Part::info,
                                                Part::local, Part::remote, Part::bounce};

/// mess, info, local and remote are split over this many folders, by the remainder of the number.
inline constexpr unsigned split = 23;

inline constexpr const char* queue_folder = "queue";  ///< below the home
inline constexpr const char* pid_folder = "pid";      ///< where qmail-queue makes files that get their number
inline constexpr const char* trigger_name = "lock/trigger";       ///< FIFO; see trigger.h
inline constexpr const char* send_lock_name = "lock/sendmutex";   ///< held by the one qmail-send
inline constexpr const char* tcpto_name = "lock/tcpto";           ///< qmail-remote's hosts that time out
inline constexpr const char* log_lock_name = "lock/logmutex";     ///< held by the one writer of the log
inline constexpr const char* admin_folder = "admin";              ///< only for root and qmail-send
inline constexpr const char* admin_socket_name = "admin/socket";  ///< where qmail-send takes orders
inline constexpr const char* segment_folder = "log/segment";      ///< the log itself; see log/log.h
inline constexpr const char* spare_folder = "log/spare";  ///< files that lend their numbers to its records
inline constexpr const char* damaged_folder = "log/damaged";  ///< what was found damaged in it

std::string_view folder_of(Part part);
bool is_split(Part part);
/// "info/19/457", "todo/457".
std::string name_of(Part part, Number number);
/// The folder that holds it, which is what to sync after its name was made or removed: "info/19", "todo".
std::string folder_of(Part part, Number number);
/// All folders that hold such files: "info/0" to "info/22", or just "todo".
std::vector<std::string> folders_of(Part part);
/// "19/457", which is how qmail-send and its spawners name a message file to each other.
std::string split_name(Number number);
/// "pid/4711.1795337104.1": unique among the processes of `start`, the second in which this one began.
std::string pid_name(pid_t pid, std::int64_t start, unsigned attempt);
/// "log/segment/12", "log/spare/457".
std::string segment_name(std::uint32_t segment);
std::string spare_name(Number number);
/// The whole of a name as a message number; none if it is anything else.
std::optional<Number> parse_message_number(std::string_view name);

/// An open queue.
class Layout {
 public:
  /// `home`/queue. Throws Failure.
  static Layout open(const Directory& home);
  explicit Layout(Directory queue) : queue_(std::move(queue)) {}

  const Directory& directory() const noexcept { return queue_; }
  int fd() const noexcept { return queue_.get(); }

  /// The message numbers in one of folders_of(), in the order the system gives them. Other names there are
  /// passed over. Throws Failure.
  std::vector<Number> numbers_in(const std::string& folder) const;
  /// Makes names made or removed in `folder` durable. -1 and errno on failure.
  int sync(const std::string& folder) const;

 private:
  Directory queue_;
};

}  // namespace qmail::queue
