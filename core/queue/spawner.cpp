#include "core/queue/spawner.h"

#include <algorithm>
#include <array>
#include <new>
#include <optional>
#include <set>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/failure.h"
#include "core/base/fd_passing.h"
#include "core/base/io.h"
#include "core/base/signals.h"
#include "core/base/text.h"
#include "core/format/address.h"
#include "core/queue/layout.h"

namespace qmail::queue {
namespace {

/// A message, what its delivery writes (both ends, for a moment), the connection to who makes it.
constexpr rlim_t descriptors_each = 4;
/// The standard ones, directories, those of a start, and messages that have come and whose requests have not.
constexpr rlim_t other_descriptors = 32 + most_passed_at_once;
/// What nobody can change any more, not even whoever passed it.
constexpr int all_seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

/// A kernel may have put seals of its own on it (vm.memfd_noexec).
bool is_sealed(int file) {
  const int seals = ::fcntl(file, F_GET_SEALS);
  return seals >= 0 && (seals & all_seals) == all_seals;
}
constexpr std::size_t block_size = 4096;
constexpr unsigned no_memory_pause_seconds = 10;

rlimit descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) < 0) throw Failure::system("find descriptor limit");
  return limit;
}

/// How many deliveries the descriptors can be enough for.
Slot slot_limit() {
  const rlim_t hard = descriptor_limit().rlim_max;
  const rlim_t room = hard > other_descriptors ? hard - other_descriptors : 0;
  return static_cast<Slot>(std::clamp<rlim_t>(room / descriptors_each, 1, most_slots));
}

/// Children inherit the limit, and some programs suffer from a large one: it grows only with the need.
void make_room_for(Slot slot) {
  rlimit limit = descriptor_limit();
  const rlim_t needed = descriptors_each * (rlim_t{slot} + 1) + other_descriptors;
  if (needed < limit.rlim_cur) return;
  limit.rlim_cur = std::min(limit.rlim_max, 2 * needed);
  // Without it the next pipe fails, and that is reported.
  static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));
}

bool is_split_name(std::string_view name) {
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos) return false;
  return parse_number<std::uint64_t>(name.substr(0, slash)) &&
         parse_number<std::uint64_t>(name.substr(slash + 1));
}

class Spawner {
 public:
  Spawner(const SpawnerWorld& world, Trade& trade) : world_(world), trade_(trade), out_(world.reports) {}

  void run() {
    out_.put(announcement(limit_));
    flush();
    while (reading_ || !trade_.is_idle()) {
      PollSet set;
      const std::size_t requests = set.add(reading_ ? world_.requests : -1);
      trade_.prepare(set);
      set.wait();
      for (const DeliveryReport& report : trade_.act(set)) finish(report);
      if (set.is_ready(requests)) read_requests();
      flush();
    }
  }

 private:
  void read_requests();
  Fd take_passed(const DeliveryRequest& request);
  void begin(DeliveryRequest& request);
  std::optional<std::string> start(DeliveryRequest& request, Fd passed);
  std::optional<std::string> refuse(const DeliveryRequest& request) const;
  std::variant<Fd, std::string> open_message(const DeliveryRequest& request, Fd passed) const;
  void finish(const DeliveryReport& report) {
    in_use_.erase(report.slot);
    out_.put(report_bytes(report));
  }
  // Once qmail-send is gone, deliveries still end in peace: nobody is left to tell.
  void flush() { static_cast<void>(out_.flush()); }

  const SpawnerWorld& world_;
  Trade& trade_;
  const Slot limit_ = slot_limit();
  Writer out_;
  RequestReader requests_;
  std::vector<Fd> passed_;  ///< messages whose requests are not complete yet
  bool reading_ = true;
  std::set<Slot> in_use_;
  int has_room_for_ = 0;  ///< slots below this one
};

void Spawner::read_requests() {
  std::array<char, block_size> block;
  const ssize_t got = receive_with_fds(world_.requests, block, passed_);
  if (got < 0 && errno == EINTR) return;
  if (got <= 0) {
    reading_ = false;
    return;
  }
  std::string_view bytes(block.data(), static_cast<std::size_t>(got));
  while (auto request = requests_.take(bytes)) begin(*request);
}

std::optional<std::string> Spawner::refuse(const DeliveryRequest& request) const {
  if (request.overlong) return "Zqmail-spawn out of memory. (#4.3.0)\n";
  if (request.slot >= limit_) return "ZInternal error: delnum too big. (#4.3.5)\n";
  if (in_use_.contains(request.slot)) return "ZInternal error: delnum in use. (#4.3.5)\n";
  if (request.message.empty()) return "DInternal error: messid too short. (#5.3.5)\n";
  if (request.recipients.size() > trade_.most_recipients())
    return "ZInternal error: too many recipients. (#4.3.5)\n";
  if (!is_split_name(std::string_view(request.message).substr(is_passed(request.message) ? 1 : 0)))
    return "DInternal error: messid has nonnumerics. (#5.3.5)\n";
  const auto has_host = [](const std::string& recipient) { return divide(recipient).has_host; };
  if (request.recipients.empty() || !std::ranges::all_of(request.recipients, has_host))
    return "DSorry, address must include host name. (#5.1.3)\n";
  return std::nullopt;
}

std::variant<Fd, std::string> Spawner::open_message(const DeliveryRequest& request, Fd passed) const {
  constexpr int flags = O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC;
  Fd message = is_passed(request.message)
                   ? std::move(passed)
                   : Fd(::openat(world_.messages.get(), request.message.c_str(), flags));
  if (!message) return "Zqmail-spawn unable to open message. (#4.3.0)\n";
  struct stat found {};
  if (::fstat(message.get(), &found) < 0) return "Zqmail-spawn unable to fstat message. (#4.3.0)\n";
  if (!S_ISREG(found.st_mode)) return "ZSorry, message has wrong type. (#4.3.5)\n";
  // qmail-send names or passes the file, and it must not be able to have others read to anybody.
  if (found.st_uid != world_.message_owner) return "ZSorry, message has wrong owner. (#4.3.5)\n";
  if (is_passed(request.message) && !is_sealed(message.get()))
    return "ZSorry, message is not sealed. (#4.3.5)\n";
  return message;
}

/// None if it has none, and also if none came.
Fd Spawner::take_passed(const DeliveryRequest& request) {
  if (!is_passed(request.message) || passed_.empty()) return Fd();
  Fd message = std::move(passed_.front());
  passed_.erase(passed_.begin());
  return message;
}

void Spawner::begin(DeliveryRequest& request) {
  // Also for a request that is refused: the next message belongs to the next request.
  Fd passed = take_passed(request);
  const std::size_t recipients = std::max<std::size_t>(request.recipients.size(), 1);
  if (const auto text = start(request, std::move(passed)))
    out_.put(report_bytes({.slot = request.slot, .texts = {recipients, *text}}));
}

/// The report if it is over already; otherwise the slot is in use from now on.
std::optional<std::string> Spawner::start(DeliveryRequest& request, Fd passed) {
  if (auto refusal = refuse(request)) return refusal;
  if (request.slot >= has_room_for_) {
    make_room_for(request.slot);
    has_room_for_ = request.slot + 1;
  }
  auto message = open_message(request, std::move(passed));
  if (auto* refusal = std::get_if<std::string>(&message)) return std::move(*refusal);
  auto report = trade_.begin({.slot = request.slot,
                              .message = std::get<Fd>(std::move(message)),
                              .sender = std::move(request.sender),
                              .recipients = std::move(request.recipients)});
  if (!report) in_use_.insert(request.slot);
  return report;
}

}  // namespace

Directory open_messages(const Directory& home) {
  return Layout::open(home).directory().sub(std::string(folder_of(Part::mess)));
}

void run_spawner(const SpawnerWorld& world, Trade& trade) {
  // Ending now would make every delivery under way happen again.
  std::set_new_handler([] { ::sleep(no_memory_pause_seconds); });
  signals::ignore(SIGPIPE);
  signals::catch_flag(SIGCHLD);
  signals::block(SIGCHLD);
  Spawner(world, trade).run();
}

}  // namespace qmail::queue
