// The queue as those see it who only look: log and layout as one, each message once. qmail-qread(8),
// qmail-qctl(8). Messages may leave while they are looked at.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/queue/layout.h"
#include "core/queue/routing.h"
#include "core/queue/store.h"

namespace qmail::queue::view {

/// A preprocessed message. Whatever is asked of it is read then, and nothing else is. What gives false or
/// none has set errno.
class Message {
 public:
  virtual ~Message() = default;
  virtual Number number() const = 0;
  virtual bool is_in_log() const = 0;
  virtual std::optional<Info> info() = 0;
  virtual std::optional<std::uint64_t> size_bytes() = 0;
  /// It has permanent failures that its sender has not been told of.
  virtual bool is_bouncing() = 0;
  using Take = std::function<void(std::string_view address, bool done)>;
  /// The recipients of one channel, in order; none is as good as no list.
  virtual bool recipients(Channel channel, const Take& take) = 0;
  /// The message itself, block by block, until `take_block` returns false.
  using TakeBlock = std::function<bool(std::string_view block)>;
  virtual bool read(const TakeBlock& take_block) = 0;
};

using ReadRouting = std::function<Routing()>;
using Visit = std::function<void(Message&)>;

/// All messages: first those of the layout, by the folders of info and in those by their numbers, then those
/// still in the log, oldest first. `read_routing` is called only for what is in the log, where recipients
/// have no channel yet. Throws Failure if a folder, the log or a control file cannot be read.
void visit_all(const Layout& queue, const ReadRouting& read_routing, const Visit& visit);

/// The same for these alone, in their order; what is not there is passed over.
void visit_some(const Layout& queue, const ReadRouting& read_routing, std::span<const Number> numbers,
                const Visit& visit);

}  // namespace qmail::queue::view
