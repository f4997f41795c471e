// What the administrator may do to messages of the layout, so that whatever happens the queue is one that
// every qmail understands. For whoever holds the queue's lock: qmail-send, or qmail-qctl without one.
// docs/internals/queue.md.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/queue/names.h"
#include "core/queue/routing.h"
#include "core/queue/stock_store.h"

namespace qmail::queue {

/// What bounces by the administrator's will are told: `reason` may be empty.
std::string administrators_report(std::string_view reason);

/// A preprocessed message, and who of its recipients is being delivered to.
struct Amended {
  struct OnChannel {
    bool is_in_use = false;                ///< somebody reads the list, or knows places in it
    std::vector<std::uint64_t> running{};  ///< in use: these recipients stay as they are
  };
  Number number = 0;
  std::array<OnChannel, 2> channels{};
};

class Amendments {
 public:
  using Warn = std::function<void(const Trouble&)>;
  /// All must outlive this object. `warn` is told what fails.
  Amendments(Names& names, const Routing& routing, Warn warn)
      : names_(names), store_(names), routing_(routing), warn_(std::move(warn)) {}

  // For each message, in order: it is so, and durable. Several wait for the disk together.

  /// Nobody gets it any more, but for those who run, and nobody is told. A list that is not in use is gone.
  std::vector<bool> remove(std::span<const Amended> messages);
  /// The same, but the sender is to be told that all these recipients did not get it, for this `report`.
  std::vector<bool> bounce(std::span<const Amended> messages, std::string_view report);
  std::vector<bool> hold(std::span<const Number> numbers, bool held);

 private:
  std::vector<bool> close_lists(std::span<const Amended> messages, std::vector<bool> good);
  bool close_list(const Amended& message, Channel channel);
  Fd set_held(Number number, bool held);
  bool note(const Amended& message, std::string_view report);
  bool is_fine(const std::optional<Trouble>& trouble);
  bool fail(std::string_view what, const std::string& file);
  /// Calls take(position, recipient) for those who are not done and do not run.
  template <typename Take>
  bool for_rest(const Amended& message, Channel channel, Take take);

  Names& names_;
  StockStore store_;
  const Routing& routing_;
  Warn warn_;
};

}  // namespace qmail::queue
