// A submission that does not go into the log: a child of the resident qmail-queue puts it into the layout, as
// the classic qmail-queue does, and answers.
#pragma once
#include <optional>
#include <string>
#include <sys/types.h>

#include "core/base/clock.h"
#include "core/programs/qmail-queue/reception.h"
#include "core/programs/qmail-queue/source.h"

namespace qmail::queue {

/// A submission that has arrived in part; the rest is read from its socket.
class SubmissionSource final : public Source {
 public:
  /// `arrived` must outlive the source; `socket` must block.
  SubmissionSource(const Incoming& arrived, int socket);
  std::string_view message() override;
  std::string_view envelope() override;

 private:
  void receive();

  int socket_;
  SubmissionScan scan_;
  std::string_view arrived_message_, arrived_envelope_;
  std::string room_;
  std::string_view rest_;  ///< of room_
};

/// None with errno set if there is no process to be had for it.
std::optional<pid_t> hand_over(const Connection& connection, const std::string& home, const Clock& clock);

}  // namespace qmail::queue
