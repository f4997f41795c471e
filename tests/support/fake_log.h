// A resident qmail-queue for tests of qmail-send: the queue log as a list of messages and what it was told of
// them, in a file of its own that lasts from one run to the next. It has no crash of its own unless asked.
#pragma once
#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <poll.h>
#include <set>
#include <string>
#include <sys/mman.h>
#include <sys/socket.h>
#include <utility>
#include <vector>

#include "core/base/packet_socket.h"
#include "core/base/publish.h"
#include "core/base/sys.h"
#include "core/queue/link.h"

namespace qmail::test {

class FakeLog {
 public:
  struct Message {
    queue::Number id;
    std::string sender;
    std::vector<std::string> recipients;
    std::string body;
    std::int64_t birth = 1000000000;
  };

  explicit FakeLog(std::filesystem::path file) : file_(std::move(file)) {}

  /// In the log before the start, unless an earlier run has seen to it.
  std::vector<Message> found;
  /// Arrive after it.
  std::vector<Message> arriving;
  /// 0: answers everything. N: is gone instead of taking order N.
  std::size_t dies_at = 0;
  bool passes_bodies = true;        ///< with the notice; else they are got
  bool is_live_late = false;        ///< says so only when something has ended
  bool runs_short = false;          ///< wants every message that arrives moved, 50 ms later
  int place_error = 0;              ///< the errno for Place
  std::size_t most_orders = 1000;   ///< taken before they are synced
  std::size_t answers_from = 1;     ///< confirms nothing before order N has come
  std::vector<std::string> orders;  ///< for people: "outcome 457 0 K"

  /// Ids of which nothing says that they are over.
  std::set<queue::Number> live() const {
    std::set<queue::Number> ids;
    for (const auto* list : {&found, &arriving})
      for (const Message& one : *list) ids.insert(one.id);
    for (const auto& order : read_file()) {
      if (const auto* ended = std::get_if<queue::link::Ended>(&order.value)) ids.erase(ended->id);
      if (const auto* moved = std::get_if<queue::link::Moved>(&order.value)) ids.erase(moved->id);
    }
    return ids;
  }

  bool has_outcome(queue::Number id, std::uint32_t index) const {
    const auto kept = read_file();
    return std::any_of(kept.begin(), kept.end(), [&](const Kept& order) {
      const auto* outcome = std::get_if<queue::link::Outcome>(&order.value);
      return outcome != nullptr && outcome->id == id && outcome->index == index;
    });
  }

  /// Until the other end is closed. `queue` is where Place makes files.
  void serve(Fd socket, const queue::Layout& queue) {
    PacketSocket link(std::move(socket), queue::link::longest_packet);
    const auto alive = live();
    const auto earlier = read_file();
    for (const auto* list : {&found, &arriving})
      for (const Message& one : *list)
        if (alive.contains(one.id) && (list == &found || was_told(one.id))) {
          tell(link, one, true);
          for (const auto& order : earlier)
            if (const auto* outcome = std::get_if<queue::link::Outcome>(&order.value))
              if (outcome->id == one.id)
                put(link, queue::link::Earlier{outcome->id, outcome->index, outcome->kind, outcome->text});
        }
    bool is_live = !is_live_late;
    if (is_live) put(link, queue::link::Live{});
    for (const Message& one : arriving)
      if (alive.contains(one.id) && !was_told(one.id)) {
        append("+" + std::to_string(one.id));
        tell(link, one, false);
      }
    if (runs_short) ::usleep(50'000);
    for (const Message& one : arriving)
      if (runs_short) put(link, queue::link::Leave{one.id});
    std::size_t taken = 0;
    std::vector<std::string> unsynced;
    std::uint64_t serial = 0;
    while (!link.is_lost()) {
      pollfd wait{link.fd(), static_cast<short>(link.backlog() > 0 ? POLLIN | POLLOUT : POLLIN), 0};
      ::poll(&wait, 1, -1);
      link.flush();
      while (auto packet = link.take()) {
        if (++taken == dies_at) return;
        const auto order = queue::link::parse_order(packet->bytes);
        if (!order) return;
        serial = queue::link::serial_of(*order);
        unsynced.emplace_back(packet->bytes);
        std::visit([&](const auto& value) { answer(link, queue, value); }, *order);
        if (unsynced.size() >= most_orders) break;
      }
      const auto is_end = [](const std::string& order) { return order.starts_with("ended"); };
      if (!is_live && std::any_of(orders.begin(), orders.end(), is_end)) {
        is_live = true;
        put(link, queue::link::Live{});
      }
      if (unsynced.empty() || taken < answers_from) continue;
      put(link, queue::link::Written{serial});
      for (const std::string& order : std::exchange(unsynced, {})) append(order);
      put(link, queue::link::Synced{serial});
    }
  }

 private:
  struct Kept {
    std::string bytes;  ///< the order points into them
    queue::link::Order value;
  };

  static void put(PacketSocket& link, const queue::link::Notice& notice, Fd fd = Fd()) {
    link.put(queue::link::packet(notice), std::move(fd));
  }
  Fd body_of(queue::Number id) const {
    Fd fd(::memfd_create("body", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    const std::string& body = find(id).body;
    static_cast<void>(::write(fd.get(), body.data(), body.size()) < 0);
    ::lseek(fd.get(), 0, SEEK_SET);
    return fd;
  }
  const Message& find(queue::Number id) const {
    for (const auto* list : {&found, &arriving})
      for (const Message& one : *list)
        if (one.id == id) return one;
    throw std::runtime_error("no such message");
  }
  void tell(PacketSocket& link, const Message& one, bool replayed) const {
    std::string records = "F" + one.sender + '\0';
    for (const std::string& recipient : one.recipients) records += "T" + recipient + '\0';
    put(link,
        queue::link::New{.id = one.id,
                         .birth = one.birth,
                         .qp = 4711,
                         .uid = 1000,
                         .size = one.body.size(),
                         .replayed = replayed,
                         .envelope = records},
        passes_bodies ? body_of(one.id) : Fd());
  }

  template <typename Order>
  void answer(PacketSocket& link, const queue::Layout& queue, const Order& order) {
    using namespace queue::link;
    if constexpr (std::is_same_v<Order, Outcome>) {
      orders.push_back("outcome " + std::to_string(order.id) + " " + std::to_string(order.index) + " " +
                       order.kind);
    } else if constexpr (std::is_same_v<Order, Ended>) {
      orders.push_back("ended " + std::to_string(order.id));
    } else if constexpr (std::is_same_v<Order, Moved>) {
      orders.push_back("moved " + std::to_string(order.id));
    } else if constexpr (std::is_same_v<Order, Place>) {
      orders.push_back("place " + std::to_string(order.id));
      const int error = place_error != 0 ? place_error : place(queue, order.id);
      put(link, Placed{order.id, static_cast<std::uint32_t>(error)});
    } else if constexpr (std::is_same_v<Order, Get>) {
      orders.push_back("get " + std::to_string(order.id));
      put(link, Body{order.id}, body_of(order.id));
    } else {
      orders.push_back("drain");
      put(link, Drained{});
    }
  }

  int place(const queue::Layout& queue, queue::Number id) const {
    const std::string name = name_of(queue::Part::mess, id);
    const Fd file(sys::open_at(queue.fd(), name.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644));
    if (!file || !try_write_all(file.get(), find(id).body) || sys::fsync(file.get()) < 0 ||
        queue.sync(folder_of(queue::Part::mess, id)) < 0)
      return errno;
    return 0;
  }

  bool was_told(queue::Number id) const {
    const auto lines = read_entries();
    return std::find(lines.begin(), lines.end(), "+" + std::to_string(id)) != lines.end();
  }
  /// An order, or "+457".
  void append(const std::string& entry) const {
    std::ofstream out(file_, std::ios::binary | std::ios::app);
    out << entry.size() << ' ' << entry;
  }
  std::vector<std::string> read_entries() const {
    std::vector<std::string> entries;
    std::ifstream in(file_, std::ios::binary);
    for (std::size_t size = 0; in >> size;) {
      in.get();
      std::string entry(size, '\0');
      if (!in.read(entry.data(), static_cast<std::streamsize>(size))) break;
      entries.push_back(entry);
    }
    return entries;
  }
  std::deque<Kept> read_file() const {
    std::deque<Kept> kept;
    for (std::string& entry : read_entries()) {
      if (entry.starts_with('+')) continue;
      kept.push_back({std::move(entry), queue::link::Drain{}});
      if (const auto order = queue::link::parse_order(kept.back().bytes)) kept.back().value = *order;
    }
    return kept;
  }

  std::filesystem::path file_;
};

}  // namespace qmail::test
