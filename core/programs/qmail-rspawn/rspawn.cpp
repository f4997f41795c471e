#include "core/programs/qmail-rspawn/rspawn.h"

#include "core/base/failure.h"
#include "core/base/spawn.h"
#include "core/format/address.h"
#include "core/programs/qmail-rspawn/remote_report.h"
#include "core/queue/children.h"
#include "core/queue/spawner.h"
#include "core/queue/timeout_table.h"
#include "core/users/ids.h"

namespace qmail {
namespace {

/// Starts a qmail-remote for every delivery.
class RemoteTrade final : public queue::Trade {
 public:
  explicit RemoteTrade(const std::string& program) : program_(program) {}

  std::optional<std::string> begin(queue::Delivery delivery) override {
    const std::string& recipient = delivery.recipients.front();
    const std::string host(divide(recipient).host);
    return children_.add(delivery.slot, [&](int output) -> std::variant<pid_t, std::string> {
      const auto child = spawn({.argv = {program_, host, delivery.sender, recipient},
                                .fds = {{delivery.message.get(), 0}, {output, 1}, {output, 2}}});
      if (child) return *child;
      return is_temporary(errno) ? cannot_run_remote_now : cannot_run_remote;
    });
  }
  bool is_idle() const override { return children_.is_empty(); }
  void prepare(PollSet& set) override { children_.prepare(set); }
  std::vector<queue::DeliveryReport> act(const PollSet& set) override {
    std::vector<queue::DeliveryReport> reports;
    for (const queue::Ended& ended : children_.act(set))
      reports.push_back({.slot = ended.slot, .texts = {remote_report(ended.status, ended.output)}});
    return reports;
  }

 private:
  const std::string& program_;
  queue::Children children_{longest_remote_output};
};

}  // namespace

void spawn_remote(const Directory& home, const std::string& program) {
  const users::Ids ids = users::read_ids(home);
  // What kept hosts from answering may be over. Where this fails, the old table counts for another hour.
  static_cast<void>(queue::TimeoutTable(home).clear());
  RemoteTrade trade(program);
  queue::run_spawner({.messages = queue::open_messages(home), .message_owner = ids.qmailq.uid}, trade);
}

}  // namespace qmail
