// The connection to the resident qmail-getpw: questions out, answers in, waiting for neither.
#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/clock.h"
#include "core/base/deadline.h"
#include "core/base/poll_set.h"
#include "core/programs/qmail-lspawn/local_child.h"
#include "core/queue/delivery_protocol.h"

namespace qmail {

class GetpwLink {
 public:
  GetpwLink(const LocalWorld& world, const Clock& clock) : world_(world), clock_(clock) {}

  /// Asks who is in charge of `local`, starting qmail-getpw if it does not run. False if it cannot be asked:
  /// then somebody else has to be.
  bool ask(queue::Slot slot, std::string_view local);
  bool is_idle() const { return waiting_.empty(); }

  void prepare(PollSet& set);
  /// For whom an answer came, and which; without one the question was lost, and goes to somebody else.
  using Answer = std::pair<queue::Slot, std::optional<FoundUser>>;
  std::vector<Answer> act(const PollSet& set);

 private:
  bool start();
  /// It has died, or does not answer.
  void lose(std::vector<Answer>& answers);

  const LocalWorld& world_;
  const Clock& clock_;
  Fd socket_;
  std::int64_t not_before_ = 0;  ///< it is started again
  std::deque<queue::Slot> waiting_;
  std::optional<Deadline> patience_;  ///< with the first of them
  std::size_t polled_ = not_polled;
};

}  // namespace qmail
