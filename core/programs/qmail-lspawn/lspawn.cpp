#include "core/programs/qmail-lspawn/lspawn.h"

#include <new>
#include <unistd.h>
#include <variant>

#include "core/base/failure.h"
#include "core/base/map.h"
#include "core/format/address.h"
#include "core/programs/qmail-lspawn/local_report.h"
#include "core/queue/children.h"
#include "core/users/assign.h"
#include "core/users/ids.h"
#include "core/users/local_codes.h"

namespace qmail {
namespace {

using users::LocalCode;
using users::UserRecord;

/// Six fields, of which only the home can be long.
constexpr std::size_t longest_user_record = 65536;

/// The user, or the code to exit with.
using FoundUser = std::variant<UserRecord, int>;

FoundUser stop(LocalCode code) { return static_cast<int>(code); }

FoundUser ask_getpw(const LocalDelivery& world, std::string_view local) {
  Pipe answer = Pipe::make();
  const auto child = spawn({.argv = {"bin/qmail-getpw", std::string(local)},
                            .fds = {{answer.write.get(), 1}},
                            .directory = world.home.label(),
                            .identity = world.getpw});
  if (!child) return stop(LocalCode::cannot_run_getpw);
  answer.write.close();
  const auto fields = read_all(answer.read.get(), longest_user_record, "qmail-getpw");
  answer.read.close();
  const int status = wait_for(*child);
  if (crashed(status)) return stop(LocalCode::system);
  if (exit_code(status) != 0) return exit_code(status);
  auto user = users::parse_user_record(fields.value_or(""));
  if (!user) return stop(LocalCode::usage);
  return std::move(*user);
}

FoundUser find_user(const LocalDelivery& world, std::string_view local) {
  const Fd cdb = world.home.try_file("users/cdb");
  if (!cdb) return errno == ENOENT ? ask_getpw(world, local) : stop(LocalCode::cdb);
  const auto file = MappedFile::map(cdb);
  if (!file) return stop(LocalCode::cdb);
  auto found = users::find_assigned(file->bytes(), local);
  if (auto* user = std::get_if<UserRecord>(&found)) return std::move(*user);
  if (std::holds_alternative<users::DamagedCdb>(found)) return stop(LocalCode::cdb);
  return ask_getpw(world, local);
}

int run_local(const LocalDelivery& world, const queue::Delivery& delivery, int output,
              const UserRecord& user) {
  if (become({.uid = user.uid, .gid = user.gid}) < 0) return static_cast<int>(LocalCode::usage);
  if (::getuid() == 0) return static_cast<int>(LocalCode::root);
  exec({.argv = local_arguments(user, delivery, world.default_delivery),
        .fds = {{delivery.message.get(), 0}, {output, 1}, {output, 2}},
        .directory = world.home.label()});
  return static_cast<int>(is_temporary(errno) ? LocalCode::cannot_run_now : LocalCode::cannot_run);
}

/// A child for every delivery, which becomes qmail-local.
class LocalTrade final : public queue::Trade {
 public:
  explicit LocalTrade(const LocalDelivery& world) : world_(world) {}

  std::optional<std::string> begin(queue::Delivery delivery) override {
    return children_.add(delivery.slot, [&](int output) -> std::variant<pid_t, std::string> {
      const pid_t child = ::fork();
      if (child == 0) ::_exit(deliver_locally(world_, delivery, output));
      if (child < 0) return "Zqmail-spawn unable to fork. (#4.3.0)\n";
      return child;
    });
  }
  bool is_idle() const override { return children_.is_empty(); }
  void prepare(PollSet& set) override { children_.prepare(set); }
  std::vector<queue::DeliveryReport> act(const PollSet& set) override {
    std::vector<queue::DeliveryReport> reports;
    for (const queue::Ended& ended : children_.act(set))
      reports.push_back({.slot = ended.slot, .texts = {local_report(ended.status, ended.output)}});
    return reports;
  }

 private:
  const LocalDelivery& world_;
  queue::Children children_{longest_local_output};
};

}  // namespace

std::vector<std::string> local_arguments(const UserRecord& user, const queue::Delivery& delivery,
                                         const std::string& default_delivery) {
  const AddressParts recipient = divide(delivery.recipients.front());
  return {"bin/qmail-local",
          "--",
          user.user,
          user.home,
          std::string(recipient.local),
          user.dash,
          user.ext,
          std::string(recipient.host),
          delivery.sender,
          default_delivery};
}

int deliver_locally(const LocalDelivery& world, const queue::Delivery& delivery, int output) {
  const std::string_view local = divide(delivery.recipients.front()).local;
  if (local.empty()) return 0;  // "@host" is delivered nowhere, with success, as in stock
  // This process is a fork of qmail-lspawn: what is thrown here must not run on as a second one.
  try {
    const FoundUser found = find_user(world, local);
    if (const int* code = std::get_if<int>(&found)) return *code;
    return run_local(world, delivery, output, std::get<UserRecord>(found));
  } catch (const Failure&) {
    return static_cast<int>(LocalCode::system);
  } catch (const std::bad_alloc&) {
    return static_cast<int>(LocalCode::out_of_memory);
  }
}

void spawn_local(const Directory& home, const std::string& default_delivery) {
  const users::Ids ids = users::read_ids(home);
  const LocalDelivery world{.home = home,
                            .getpw = {.uid = ids.qmailp.uid, .gid = ids.nofiles()},
                            .default_delivery = default_delivery};
  LocalTrade trade(world);
  queue::run_spawner({.messages = queue::open_messages(home), .message_owner = ids.qmailq.uid}, trade);
}

}  // namespace qmail
