#include "core/queue/spawner.h"

#include <algorithm>
#include <array>
#include <map>
#include <new>
#include <optional>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <utility>
#include <vector>

#include "core/base/failure.h"
#include "core/base/io.h"
#include "core/base/signals.h"
#include "core/base/text.h"
#include "core/format/address.h"
#include "core/queue/layout.h"

namespace qmail::queue {
namespace {

/// Descriptors that are not the output of a child: the standard ones, directories, those of a start.
constexpr rlim_t other_descriptors = 32;
constexpr std::size_t block_size = 4096;
constexpr unsigned no_memory_pause_seconds = 10;

struct Child {
  pid_t pid;
  Fd output;                  ///< none once it has ended
  std::optional<int> status;  ///< once the child has
  std::string text;
};

rlimit descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) < 0) throw Failure::system("find descriptor limit");
  return limit;
}

/// How many children the descriptors can be enough for.
Slot slot_limit() {
  const rlim_t hard = descriptor_limit().rlim_max;
  const rlim_t room = hard > other_descriptors ? hard - other_descriptors : 1;
  return static_cast<Slot>(std::min<rlim_t>(room, most_slots));
}

/// Children inherit the limit, and some programs suffer from a large one: it grows only with the need.
void make_room_for(Slot slot) {
  rlimit limit = descriptor_limit();
  const rlim_t needed = rlim_t{slot} + other_descriptors;
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
  Spawner(const SpawnerWorld& world, const Trade& trade)
      : world_(world), trade_(trade), out_(world.reports) {}

  void run() {
    out_.put(announcement(limit_));
    flush();
    while (reading_ || !children_.empty()) {
      const std::vector<pollfd> ready = wait();
      reap();
      // Before new children come in: `ready` has an entry for each of the old ones.
      auto entry = ready.begin();
      for (auto& [slot, child] : children_)
        if ((++entry)->revents != 0) read_output(child);
      report_ended();
      if (ready.front().revents != 0) read_requests();
      flush();
    }
  }

 private:
  std::vector<pollfd> wait() const;
  void reap();
  void read_requests();
  void read_output(Child& child) const;
  void report_ended();
  void begin(const DeliveryRequest& request);
  std::optional<std::string> refuse(const DeliveryRequest& request) const;
  std::variant<Fd, std::string> open_message(const std::string& name) const;
  void report(Slot slot, const std::string& text) { out_.put(report_bytes({.slot = slot, .text = text})); }
  // Once qmail-send is gone, deliveries still end in peace: nobody is left to tell.
  void flush() { static_cast<void>(out_.flush()); }

  const SpawnerWorld& world_;
  const Trade& trade_;
  const Slot limit_ = slot_limit();
  Writer out_;
  RequestReader requests_;
  bool reading_ = true;
  std::map<Slot, Child> children_;
};

/// The first entry is for the requests; the others are in the order of children_.
std::vector<pollfd> Spawner::wait() const {
  std::vector<pollfd> wanted{{reading_ ? world_.requests : -1, POLLIN, 0}};
  for (const auto& [slot, child] : children_) wanted.push_back({child.output.get(), POLLIN, 0});
  sigset_t none;
  sigemptyset(&none);
  // SIGCHLD arrives only here; interrupted, nothing is ready, and reap() finds who ended.
  if (::ppoll(wanted.data(), wanted.size(), nullptr, &none) < 0)
    for (pollfd& entry : wanted) entry.revents = 0;
  return wanted;
}

void Spawner::reap() {
  if (!signals::take(SIGCHLD)) return;
  int status = 0;
  for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;)
    for (auto& [slot, child] : children_)
      if (child.pid == pid && !child.status) child.status = status;
}

void Spawner::read_requests() {
  std::array<char, block_size> block;
  const ssize_t got = ::read(world_.requests, block.data(), block.size());
  if (got < 0 && errno == EINTR) return;
  if (got <= 0) {
    reading_ = false;
    return;
  }
  std::string_view bytes(block.data(), static_cast<std::size_t>(got));
  while (const auto request = requests_.take(bytes)) begin(*request);
}

void Spawner::read_output(Child& child) const {
  std::array<char, block_size> block;
  const ssize_t got = ::read(child.output.get(), block.data(), block.size());
  if (got < 0) return;
  if (got == 0) child.output.close();
  const std::size_t room = trade_.longest_output - child.text.size();
  child.text.append(block.data(), std::min(room, static_cast<std::size_t>(got)));
}

/// A delivery is over when its child has ended and nobody else, such as a process the child left behind,
/// holds its output.
void Spawner::report_ended() {
  std::erase_if(children_, [&](const auto& entry) {
    const auto& [slot, child] = entry;
    if (child.output || !child.status) return false;
    report(slot, trade_.report(*child.status, child.text));
    return true;
  });
}

std::optional<std::string> Spawner::refuse(const DeliveryRequest& request) const {
  if (request.overlong) return "Zqmail-spawn out of memory. (#4.3.0)\n";
  if (request.slot >= limit_) return "ZInternal error: delnum too big. (#4.3.5)\n";
  if (children_.contains(request.slot)) return "ZInternal error: delnum in use. (#4.3.5)\n";
  if (request.message.empty()) return "DInternal error: messid too short. (#5.3.5)\n";
  if (!is_split_name(request.message)) return "DInternal error: messid has nonnumerics. (#5.3.5)\n";
  if (!divide(request.recipient).has_host) return "DSorry, address must include host name. (#5.1.3)\n";
  return std::nullopt;
}

std::variant<Fd, std::string> Spawner::open_message(const std::string& name) const {
  Fd message(::openat(world_.messages.get(), name.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
  if (!message) return "Zqmail-spawn unable to open message. (#4.3.0)\n";
  struct stat found {};
  if (::fstat(message.get(), &found) < 0) return "Zqmail-spawn unable to fstat message. (#4.3.0)\n";
  if (!S_ISREG(found.st_mode)) return "ZSorry, message has wrong type. (#4.3.5)\n";
  // qmail-send names the file, and it must not be able to have others read to anybody.
  if (found.st_uid != world_.message_owner) return "ZSorry, message has wrong owner. (#4.3.5)\n";
  return message;
}

void Spawner::begin(const DeliveryRequest& request) {
  if (const auto refusal = refuse(request)) return report(request.slot, *refusal);
  make_room_for(request.slot);
  auto message = open_message(request.message);
  if (const auto* refusal = std::get_if<std::string>(&message)) return report(request.slot, *refusal);
  auto output = Pipe::try_make();
  if (!output) return report(request.slot, "Zqmail-spawn unable to create pipe. (#4.3.0)\n");
  const AddressParts parts = divide(request.recipient);
  auto started = trade_.start({.message = std::get<Fd>(message).get(),
                               .output = output->write.get(),
                               .sender = request.sender,
                               .local = parts.local,
                               .domain = parts.host,
                               .recipient = request.recipient});
  if (const auto* refusal = std::get_if<std::string>(&started)) return report(request.slot, *refusal);
  children_.insert_or_assign(request.slot, Child{.pid = std::get<pid_t>(started),
                                                 .output = std::move(output->read),
                                                 .status = std::nullopt,
                                                 .text = {}});
}

}  // namespace

Directory open_messages(const Directory& home) {
  return Layout::open(home).directory().sub(std::string(folder_of(Part::mess)));
}

void run_spawner(const SpawnerWorld& world, const Trade& trade) {
  // Ending now would make every delivery under way happen again.
  std::set_new_handler([] { ::sleep(no_memory_pause_seconds); });
  signals::ignore(SIGPIPE);
  signals::catch_flag(SIGCHLD);
  signals::block(SIGCHLD);
  Spawner(world, trade).run();
}

}  // namespace qmail::queue
