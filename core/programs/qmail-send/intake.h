// Preprocessing: taking new messages out of todo and deciding, for each recipient, where it goes. Several
// messages are taken in together, because each waits for the disk, but never so many that deliveries wait.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/programs/qmail-send/cleaner.h"
#include "core/programs/qmail-send/desk.h"
#include "core/programs/qmail-send/poll_set.h"
#include "core/queue/draft.h"
#include "core/queue/number_scan.h"
#include "core/queue/trigger.h"

namespace qmail::send {

class Intake {
 public:
  Intake(Desk& desk, queue::Names& names, Cleaner& cleaner)
      : desk_(desk),
        layout_(names.layout()),
        names_(names),
        cleaner_(cleaner),
        trigger_(layout_),
        next_(desk.clock.now()) {}

  void prepare(PollSet& set) const;
  void act(const PollSet& set);

 private:
  std::vector<queue::Draft> take_slice();
  std::optional<queue::Draft> take(queue::Number number);
  log::MessageId give_birth(queue::Draft& draft) const;
  std::string find_message_id(queue::Number number) const;
  std::optional<queue::Trouble> copy(const Fd& todo, queue::Draft& draft, std::uint64_t size_bytes);
  void complete(std::vector<queue::Draft> drafts);
  void settle();

  Desk& desk_;
  const queue::Layout& layout_;
  queue::Names& names_;
  Cleaner& cleaner_;
  queue::Trigger trigger_;
  std::int64_t next_;  ///< when to look into todo though nobody pulled the trigger
  std::optional<queue::NumberScan> scan_;
  std::size_t recipients_ = 0;            ///< in this slice
  std::vector<queue::Number> unsettled_;  ///< preprocessed, but todo could still come back
  std::int64_t settle_at_ = 0;
};

}  // namespace qmail::send
