#include "core/programs/qmail-queue/mover.h"

#include <cerrno>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>
#include <utility>

#include "core/base/fd_passing.h"
#include "core/base/spawn.h"
#include "core/format/fixed_width.h"
#include "core/queue/log/mover.h"

namespace qmail::queue {
namespace {

constexpr std::size_t longest_packet = std::size_t{64} << 10;
/// Messages that share the syncs of directories.
constexpr std::size_t most_placed_at_once = 512;

// A packet: the place of its type in the variant, then numbers.

template <typename... Numbers>
std::string pack(std::size_t type, Numbers... numbers) {
  std::string bytes(1, static_cast<char>(type));
  (append_fixed(bytes, numbers), ...);
  return bytes;
}

template <typename... Numbers>
bool unpack(std::string_view bytes, Numbers&... numbers) {
  const auto take = [&bytes](auto& number) {
    const auto taken = take_fixed<std::remove_reference_t<decltype(number)>>(bytes);
    number = taken.value_or(0);
    return taken.has_value();
  };
  return (take(numbers) && ...) && bytes.empty();
}

std::string pack_spares(std::size_t type, const SparesMade& made) {
  std::string bytes = pack(type, made.error);
  for (const Number number : made.numbers) append_fixed(bytes, number);
  return bytes;
}

std::optional<SparesMade> unpack_spares(std::string_view bytes) {
  const auto error = take_fixed<std::uint32_t>(bytes);
  if (!error) return std::nullopt;
  SparesMade made{.numbers = {}, .error = *error};
  while (!bytes.empty()) {
    const auto number = take_fixed<Number>(bytes);
    if (!number) return std::nullopt;
    made.numbers.push_back(*number);
  }
  return made;
}

/// The mover's work, its answers going out as it goes.
class Workshop {
 public:
  Workshop(const Layout& layout, Fd socket) : layout_(layout), line_(std::move(socket), longest_packet) {}

  void run() {
    while (!line_.is_lost()) {
      wait();
      take_tasks();
      for (const auto& [id, error] : queue_log::place_messages(layout_, std::exchange(places_, {})))
        answer(MessagePlaced{id, static_cast<std::uint32_t>(error)});
      line_.flush();
    }
  }

 private:
  void wait() {
    const short wanted = line_.backlog() != 0 ? POLLIN | POLLOUT : POLLIN;
    pollfd ready{line_.fd(), wanted, 0};
    ::poll(&ready, 1, -1);
  }

  void take_tasks() {
    while (places_.size() < most_placed_at_once) {
      const auto packet = line_.take();
      if (!packet) return;
      const auto task = parse_mover_task(packet->bytes);
      if (task) std::visit([this](const auto& what) { work(what); }, *task);
    }
  }

  void work(const MakeSegment& wanted) { answer(made_segment(layout_, wanted.number)); }
  void work(const MakeSpares& wanted) { answer(made_spares(layout_, wanted.count)); }
  void work(const queue_log::Place& place) { places_.push_back(place); }

  void answer(const MoverResult& result) { line_.put(packet(result)); }

  const Layout& layout_;
  PacketSocket line_;
  std::vector<queue_log::Place> places_;
};

constexpr int mover_socket = 0;

/// All else is closed: those who are connected must see the end of their connections when that comes.
void keep_only(int socket, int layout) {
  ::dup2(socket, mover_socket);
  ::close_range(3, static_cast<unsigned>(layout) - 1, 0);
  ::close_range(static_cast<unsigned>(layout) + 1, ~0U, 0);
}

}  // namespace

std::string packet(const MoverTask& task) {
  const std::size_t type = task.index();
  if (const auto* segment = std::get_if<MakeSegment>(&task)) return pack(type, segment->number);
  if (const auto* spares = std::get_if<MakeSpares>(&task)) return pack(type, spares->count);
  const auto& place = std::get<queue_log::Place>(task);
  return pack(type, place.id, place.generation, place.segment, place.sector, place.envelope_bytes,
              place.body_bytes);
}

std::string packet(const MoverResult& result) {
  const std::size_t type = result.index();
  if (const auto* made = std::get_if<SegmentMade>(&result)) return pack(type, made->number, made->error);
  if (const auto* spares = std::get_if<SparesMade>(&result)) return pack_spares(type, *spares);
  const auto& placed = std::get<MessagePlaced>(result);
  return pack(type, placed.id, placed.error);
}

std::optional<MoverTask> parse_mover_task(std::string_view packet) {
  const std::string_view fields = packet.substr(packet.empty() ? 0 : 1);
  MakeSegment segment;
  MakeSpares spares;
  queue_log::Place place;
  if (packet.starts_with('\0') && unpack(fields, segment.number)) return segment;
  if (packet.starts_with('\1') && unpack(fields, spares.count)) return spares;
  if (packet.starts_with('\2') && unpack(fields, place.id, place.generation, place.segment, place.sector,
                                         place.envelope_bytes, place.body_bytes))
    return place;
  return std::nullopt;
}

std::optional<MoverResult> parse_mover_result(std::string_view packet) {
  const std::string_view fields = packet.substr(packet.empty() ? 0 : 1);
  SegmentMade segment;
  MessagePlaced placed;
  if (packet.starts_with('\0') && unpack(fields, segment.number, segment.error)) return segment;
  if (packet.starts_with('\2') && unpack(fields, placed.id, placed.error)) return placed;
  if (!packet.starts_with('\1')) return std::nullopt;
  return unpack_spares(fields);
}

SegmentMade made_segment(const Layout& layout, std::uint32_t number) {
  return {number, static_cast<std::uint32_t>(queue_log::make_segment(layout, number))};
}

SparesMade made_spares(const Layout& layout, std::size_t count) {
  errno = 0;
  SparesMade made{queue_log::make_spares(layout, count)};
  if (made.numbers.size() < count) made.error = static_cast<std::uint32_t>(errno != 0 ? errno : EIO);
  return made;
}

void run_mover(const Layout& layout, Fd socket) { Workshop(layout, std::move(socket)).run(); }

bool Mover::start() {
  auto pair = SocketPair::try_make(SOCK_SEQPACKET);
  if (!pair) return false;
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) return false;
  if (child == 0) {
    // It must not change the disk when the next owner of the log may be at work.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(0);
    keep_only(pair->other.get(), layout_.fd());
    run_mover(layout_, Fd(mover_socket));
    ::_exit(0);
  }
  pid_ = child;
  line_.emplace(std::move(pair->one), longest_packet);
  if (segment_) send(*segment_);
  if (spares_) send(*spares_);
  for (const auto& [id, place] : places_) send(place);
  return true;
}

void Mover::ended() {
  pid_ = 0;
  line_.reset();
}

void Mover::stop() {
  if (pid_ == 0) return;
  static_cast<void>(::kill(pid_, SIGKILL));
  reap(pid_);
  ended();
}

void Mover::send(const MoverTask& task) {
  if (line_) line_->put(packet(task));
}

void Mover::make_segment(std::uint32_t number) { send(segment_.emplace(MakeSegment{number})); }

void Mover::make_spares(std::size_t count) {
  send(spares_.emplace(MakeSpares{static_cast<std::uint32_t>(count)}));
}

void Mover::place(const queue_log::Place& place) {
  if (places_.insert_or_assign(place.id, place).second) send(place);
}

void Mover::flush() {
  if (line_) line_->flush();
}

std::optional<MoverResult> Mover::take() {
  const auto packet = line_ ? line_->take() : std::nullopt;
  if (!packet) return std::nullopt;
  auto result = parse_mover_result(packet->bytes);
  if (!result) return std::nullopt;
  if (std::holds_alternative<SegmentMade>(*result)) segment_.reset();
  if (std::holds_alternative<SparesMade>(*result)) spares_.reset();
  if (const auto* placed = std::get_if<MessagePlaced>(&*result)) places_.erase(placed->id);
  return result;
}

}  // namespace qmail::queue
