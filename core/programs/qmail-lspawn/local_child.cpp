#include "core/programs/qmail-lspawn/local_child.h"

#include <new>
#include <unistd.h>
#include <utility>

#include "core/base/failure.h"
#include "core/format/address.h"
#include "core/users/user_answer.h"

namespace qmail {

using users::LocalCode;
using users::UserRecord;

FoundUser ask_getpw(const LocalWorld& world, std::string_view local) {
  Pipe answer = Pipe::make();
  const auto child = spawn({.argv = {"bin/qmail-getpw", std::string(local)},
                            .fds = {{answer.write.get(), 1}},
                            .directory = world.home.label(),
                            .identity = world.getpw});
  if (!child) return no_user(LocalCode::cannot_run_getpw);
  answer.write.close();
  const auto fields = read_all(answer.read.get(), users::longest_answer, "qmail-getpw");
  answer.read.close();
  const int status = wait_for(*child);
  if (crashed(status)) return no_user(LocalCode::system);
  if (exit_code(status) != 0) return exit_code(status);
  auto user = users::parse_user_record(fields.value_or(""));
  if (!user) return no_user(LocalCode::usage);
  return std::move(*user);
}

int run_local(const LocalWorld& world, const Identity& user, int message, int output,
              const std::vector<std::string>& args) {
  if (become(user) < 0) return static_cast<int>(LocalCode::usage);
  if (::getuid() == 0) return static_cast<int>(LocalCode::root);
  exec({.argv = args, .fds = {{message, 0}, {output, 1}, {output, 2}}, .directory = world.home.label()});
  return static_cast<int>(is_temporary(errno) ? LocalCode::cannot_run_now : LocalCode::cannot_run);
}

int find_and_run_local(const LocalWorld& world, const queue::Delivery& delivery, int output) {
  // This process is a fork of qmail-lspawn: what is thrown here must not run on as a second one.
  try {
    const FoundUser found = ask_getpw(world, divide(delivery.recipients.front()).local);
    if (const int* code = std::get_if<int>(&found)) return *code;
    const auto& user = std::get<UserRecord>(found);
    return run_local(world, {.uid = user.uid, .gid = user.gid}, delivery.message.get(), output,
                     local_arguments(user, delivery, world.default_delivery));
  } catch (const Failure&) {
    return static_cast<int>(LocalCode::system);
  } catch (const std::bad_alloc&) {
    return static_cast<int>(LocalCode::out_of_memory);
  }
}

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

}  // namespace qmail
