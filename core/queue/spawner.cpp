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
#include "core/base/fd_passing.h"
#include "core/base/io.h"
#include "core/base/signals.h"
#include "core/base/text.h"
#include "core/format/address.h"
#include "core/queue/layout.h"

namespace qmail::queue {
namespace {

/// Descriptors that are not the output of a child: the standard ones, directories, those of a start, and
/// messages that have come and whose requests have not.
constexpr rlim_t other_descriptors = 32 + most_passed_at_once;
/// What nobody can change any more, not even whoever passed it.
constexpr int all_seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
constexpr std::size_t block_size = 4096;
constexpr unsigned no_memory_pause_seconds = 10;

struct Child {
  pid_t pid;
  std::size_t recipients;
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
  Fd take_passed(const DeliveryRequest& request);
  void begin(const DeliveryRequest& request);
  std::optional<std::string> start(const DeliveryRequest& request, Fd passed);
  std::optional<std::string> refuse(const DeliveryRequest& request) const;
  std::variant<Fd, std::string> open_message(const DeliveryRequest& request, Fd passed) const;
  void report(Slot slot, std::size_t recipients, const std::string& text) {
    out_.put(report_bytes({.slot = slot, .texts = {std::max<std::size_t>(recipients, 1), text}}));
  }
  // Once qmail-send is gone, deliveries still end in peace: nobody is left to tell.
  void flush() { static_cast<void>(out_.flush()); }

  const SpawnerWorld& world_;
  const Trade& trade_;
  const Slot limit_ = slot_limit();
  Writer out_;
  RequestReader requests_;
  std::vector<Fd> passed_;  ///< messages whose requests are not complete yet
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
  const ssize_t got = receive_with_fds(world_.requests, block, passed_);
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
    report(slot, child.recipients, trade_.report(*child.status, child.text));
    return true;
  });
}

std::optional<std::string> Spawner::refuse(const DeliveryRequest& request) const {
  if (request.overlong) return "Zqmail-spawn out of memory. (#4.3.0)\n";
  if (request.slot >= limit_) return "ZInternal error: delnum too big. (#4.3.5)\n";
  if (children_.contains(request.slot)) return "ZInternal error: delnum in use. (#4.3.5)\n";
  if (request.message.empty()) return "DInternal error: messid too short. (#5.3.5)\n";
  if (request.recipients.size() > trade_.most_recipients)
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
  if (is_passed(request.message) && ::fcntl(message.get(), F_GET_SEALS) != all_seals)
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

void Spawner::begin(const DeliveryRequest& request) {
  // Also for a request that is refused: the next message belongs to the next request.
  Fd passed = take_passed(request);
  const auto refusal = start(request, std::move(passed));
  if (refusal) report(request.slot, request.recipients.size(), *refusal);
}

std::optional<std::string> Spawner::start(const DeliveryRequest& request, Fd passed) {
  if (auto refusal = refuse(request)) return refusal;
  make_room_for(request.slot);
  auto message = open_message(request, std::move(passed));
  if (const auto* refusal = std::get_if<std::string>(&message)) return *refusal;
  auto output = Pipe::try_make();
  if (!output) return "Zqmail-spawn unable to create pipe. (#4.3.0)\n";
  const AddressParts parts = divide(request.recipients.front());
  auto started = trade_.start({.message = std::get<Fd>(message).get(),
                               .output = output->write.get(),
                               .sender = request.sender,
                               .local = parts.local,
                               .domain = parts.host,
                               .recipients = request.recipients});
  if (const auto* refusal = std::get_if<std::string>(&started)) return *refusal;
  children_.insert_or_assign(request.slot, Child{.pid = std::get<pid_t>(started),
                                                 .recipients = request.recipients.size(),
                                                 .output = std::move(output->read),
                                                 .status = std::nullopt,
                                                 .text = {}});
  return std::nullopt;
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
