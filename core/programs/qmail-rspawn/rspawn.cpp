#include "core/programs/qmail-rspawn/rspawn.h"

#include <map>
#include <optional>

#include "core/base/failure.h"
#include "core/base/spawn.h"
#include "core/format/address.h"
#include "core/programs/qmail-rspawn/remote_report.h"
#include "core/programs/qmail-rspawn/remote_workers.h"
#include "core/queue/children.h"
#include "core/queue/spawner.h"
#include "core/queue/timeout_table.h"
#include "core/users/ids.h"

namespace qmail {
namespace {

/// Resident workers make the deliveries; where they cannot, a qmail-remote of its own makes each.
class RemoteTrade final : public queue::Trade {
 public:
  RemoteTrade(const std::string& program, RemoteWorkers* workers) : program_(program), workers_(workers) {}

  std::size_t most_recipients() const override { return queue::most_recipients; }
  std::optional<std::string> begin(queue::Delivery delivery) override {
    if (workers_ != nullptr && workers_->take(delivery)) return std::nullopt;
    auto refusal = start_child(delivery);
    if (!refusal) recipients_[delivery.slot] = delivery.recipients.size();
    return refusal;
  }
  bool is_idle() const override {
    return children_.is_empty() && (workers_ == nullptr || workers_->is_idle());
  }
  void prepare(PollSet& set) override {
    children_.prepare(set);
    if (workers_ != nullptr) workers_->prepare(set);
  }
  std::vector<queue::DeliveryReport> act(const PollSet& set) override {
    std::vector<queue::DeliveryReport> reports;
    if (workers_ != nullptr) reports = workers_->act(set);
    for (const queue::Ended& ended : children_.act(set)) {
      const std::size_t recipients = recipients_.extract(ended.slot).mapped();
      reports.push_back(
          {.slot = ended.slot, .texts = remote_reports(ended.status, ended.output, recipients)});
    }
    return reports;
  }

 private:
  std::optional<std::string> start_child(const queue::Delivery& delivery) {
    std::vector<std::string> argv{program_, std::string(divide(delivery.recipients.front()).host),
                                  delivery.sender};
    argv.insert(argv.end(), delivery.recipients.begin(), delivery.recipients.end());
    return children_.add(delivery.slot, [&](int output) -> std::variant<pid_t, std::string> {
      const auto child =
          spawn({.argv = argv, .fds = {{delivery.message.get(), 0}, {output, 1}, {output, 2}}});
      if (child) return *child;
      return is_temporary(errno) ? cannot_run_remote_now : cannot_run_remote;
    });
  }

  const std::string& program_;
  RemoteWorkers* workers_;  ///< null: none are wanted
  queue::Children children_{longest_remote_output};
  std::map<queue::Slot, std::size_t> recipients_;  ///< of children_
};

}  // namespace

void spawn_remote(const Process& self) {
  const Directory home = self.home();
  const users::Ids ids = users::read_ids(home);
  // What kept hosts from answering may be over. Where this fails, the old table counts for another hour.
  static_cast<void>(queue::TimeoutTable(home).clear());
  const auto chosen = self.environment.find("QMAILREMOTE");
  const std::string program(chosen.value_or("qmail-remote"));
  std::optional<RemoteWorkers> workers;
  // Somebody else's program sees every message as it always did.
  if (const auto path = find_program(program, self.environment); path && !chosen)
    workers.emplace(*path, self.environment, self.clock);
  RemoteTrade trade(program, workers ? &*workers : nullptr);
  queue::run_spawner({.messages = queue::open_messages(home), .message_owner = ids.qmailq.uid}, trade);
}

}  // namespace qmail
