#include "core/programs/qmail-lspawn/lspawn.h"

#include <functional>
#include <map>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <variant>

#include "core/format/address.h"
#include "core/programs/qmail-lspawn/assigned_users.h"
#include "core/programs/qmail-lspawn/getpw_link.h"
#include "core/programs/qmail-lspawn/local_child.h"
#include "core/programs/qmail-lspawn/local_report.h"
#include "core/programs/qmail-lspawn/workers.h"
#include "core/queue/children.h"
#include "core/queue/spawner.h"
#include "core/users/ids.h"

namespace qmail {
namespace {

using users::LocalCode;
using users::UserRecord;

/// The report of a delivery that ended with this code before qmail-local was run.
std::string report_of(int code) { return local_report(W_EXITCODE(code, 0), ""); }
std::string report_of(LocalCode code) { return report_of(static_cast<int>(code)); }

/// The user is looked up in users/cdb or asked for; then a worker makes the delivery; where there is no
/// worker, a child does.
class LocalTrade final : public queue::Trade {
 public:
  LocalTrade(const LspawnWorld& world, const Identity& getpw)
      : local_{.home = world.home, .getpw = getpw, .default_delivery = world.default_delivery},
        assigned_(world.home),
        getpw_(local_, world.clock),
        workers_(world.home.path_of("bin/qmail-local"), world.home.label(), world.environment, world.clock,
                 longest_local_output) {}

  std::optional<std::string> begin(queue::Delivery delivery) override;
  bool is_idle() const override {
    return waiting_.empty() && workers_.is_idle() && children_.is_empty() && reports_.empty();
  }
  void prepare(PollSet& set) override;
  std::vector<queue::DeliveryReport> act(const PollSet& set) override;

 private:
  std::optional<std::string> go_on(queue::Delivery delivery, const std::optional<FoundUser>& found);
  std::optional<std::string> deliver(queue::Delivery delivery, const UserRecord& user);
  std::optional<std::string> deliver_by_child(const LocalTask& task);
  /// `run` is what the child does; it returns the code to exit with.
  std::optional<std::string> fork_child(queue::Slot slot, const std::function<int(int output)>& run);

  const LocalWorld local_;
  AssignedUsers assigned_;
  GetpwLink getpw_;
  Workers workers_;
  queue::Children children_{longest_local_output};
  std::map<queue::Slot, queue::Delivery> waiting_;  ///< for the answer of qmail-getpw
  std::vector<queue::DeliveryReport> reports_;      ///< of what could not even be begun
};

std::optional<std::string> LocalTrade::begin(queue::Delivery delivery) {
  const std::string local(divide(delivery.recipients.front()).local);
  if (local.empty()) return report_of(0);  // "@host" is delivered nowhere, with success, as in stock
  const users::AssignedUser assigned = assigned_.find(local);
  if (const auto* user = std::get_if<UserRecord>(&assigned)) return deliver(std::move(delivery), *user);
  if (std::holds_alternative<users::DamagedCdb>(assigned)) return report_of(LocalCode::cdb);
  if (!getpw_.ask(delivery.slot, local)) return go_on(std::move(delivery), std::nullopt);
  const queue::Slot slot = delivery.slot;
  waiting_.insert_or_assign(slot, std::move(delivery));
  return std::nullopt;
}

/// With what qmail-getpw found, or without an answer of the resident one.
std::optional<std::string> LocalTrade::go_on(queue::Delivery delivery,
                                             const std::optional<FoundUser>& found) {
  if (!found)
    return fork_child(delivery.slot,
                      [&](int output) { return find_and_run_local(local_, delivery, output); });
  if (const int* code = std::get_if<int>(&*found)) return report_of(*code);
  return deliver(std::move(delivery), std::get<UserRecord>(*found));
}

std::optional<std::string> LocalTrade::deliver(queue::Delivery delivery, const UserRecord& user) {
  if (user.uid == 0) return report_of(LocalCode::root);
  LocalTask task{.slot = delivery.slot,
                 .identity = {.uid = user.uid, .gid = user.gid},
                 .message = Fd(),
                 .args = local_arguments(user, delivery, local_.default_delivery)};
  task.message = std::move(delivery.message);
  // Without root's rights nobody else's worker can be had.
  if (::geteuid() != 0 && ::geteuid() != user.uid) return deliver_by_child(task);
  workers_.add(std::move(task));
  return std::nullopt;
}

std::optional<std::string> LocalTrade::deliver_by_child(const LocalTask& task) {
  return fork_child(task.slot, [&](int output) {
    return run_local(local_, task.identity, task.message.get(), output, task.args);
  });
}

std::optional<std::string> LocalTrade::fork_child(queue::Slot slot, const std::function<int(int)>& run) {
  return children_.add(slot, [&](int output) -> std::variant<pid_t, std::string> {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(run(output));
    if (child < 0) return "Zqmail-spawn unable to fork. (#4.3.0)\n";
    return child;
  });
}

void LocalTrade::prepare(PollSet& set) {
  for (const LocalTask& refused : workers_.dispatch())
    if (const auto report = deliver_by_child(refused)) {
      reports_.push_back({.slot = refused.slot, .texts = {*report}});
      set.within(0);
    }
  getpw_.prepare(set);
  workers_.prepare(set);
  children_.prepare(set);
}

std::vector<queue::DeliveryReport> LocalTrade::act(const PollSet& set) {
  std::vector<queue::DeliveryReport> reports = std::exchange(reports_, {});
  for (const queue::Ended& ended : workers_.act(set))
    reports.push_back({.slot = ended.slot, .texts = {local_report(ended.status, ended.output)}});
  for (const queue::Ended& ended : children_.act(set))
    reports.push_back({.slot = ended.slot, .texts = {local_report(ended.status, ended.output)}});
  for (const auto& [slot, found] : getpw_.act(set)) {
    auto delivery = waiting_.extract(slot);
    if (const auto report = go_on(std::move(delivery.mapped()), found))
      reports.push_back({.slot = slot, .texts = {*report}});
  }
  return reports;
}

}  // namespace

void spawn_local(const LspawnWorld& world) {
  const users::Ids ids = users::read_ids(world.home);
  LocalTrade trade(world, {.uid = ids.qmailp.uid, .gid = ids.nofiles()});
  queue::run_spawner({.messages = queue::open_messages(world.home), .message_owner = ids.qmailq.uid}, trade);
}

}  // namespace qmail
