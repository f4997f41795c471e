#include "patches-integrated/valid-recipients/system_recipients.h"

#include <chrono>
#include <csignal>
#include <optional>
#include <poll.h>
#include <sys/stat.h>
#include <variant>

#include "core/base/deadline.h"
#include "core/base/failure.h"
#include "core/base/map.h"
#include "core/base/spawn.h"
#include "core/format/address.h"
#include "core/format/dot_qmail.h"
#include "core/users/assign.h"
#include "core/users/user_answer.h"

namespace qmail::features {
namespace {

using Says = SystemRecipients::Says;

/// A name service that hangs is not to hold the client for ever.
constexpr std::chrono::seconds patience{20};

users::AssignedUser find_in_cdb(const Directory& home, std::string_view local) {
  const Fd file = home.try_file("users/cdb");
  if (!file) {
    if (errno == ENOENT) return users::NotAssigned{};
    return users::DamagedCdb{};
  }
  const auto map = MappedFile::map(file);
  return map ? users::find_assigned(map->bytes(), local) : users::DamagedCdb{};
}

std::optional<users::UserRecord> ask_getpw(const Directory& home, std::string_view local) {
  auto answer = Pipe::try_make();
  if (!answer) return std::nullopt;
  const auto child = spawn({.argv = {"bin/qmail-getpw", std::string(local)},
                            .fds = {{answer->write.get(), 1}},
                            .directory = home.label()});
  if (!child) return std::nullopt;
  answer->write.close();
  if (!wait_until(answer->read.get(), POLLIN, Deadline(SteadyClock(), patience))) ::kill(*child, SIGKILL);
  const auto fields = try_read_all(answer->read.get(), users::longest_answer);
  const int status = wait_for(*child);
  if (!fields || crashed(status) || exit_code(status) != 0) return std::nullopt;
  return users::parse_user_record(*fields);
}

}  // namespace

Says mailbox_of(const users::UserRecord& user) {
  if (user.dash.empty() && user.ext.empty()) return Says::valid;
  struct stat status {};
  // A home that is not there now may be mounted when the message is delivered.
  if (::stat(user.home.c_str(), &status) < 0) return is_temporary(errno) ? Says::later : Says::hidden;
  for (const DotQmailName& file : dot_qmail_names(user.dash, user.ext)) {
    if (::stat((user.home + "/" + file.name).c_str(), &status) == 0) return Says::valid;
    if (errno == EACCES || errno == EPERM) return Says::hidden;
    if (is_temporary(errno)) return Says::later;
  }
  return Says::invalid;
}

Says SystemRecipients::of(const Directory& home, std::string_view recipient) const {
  const queue::Route route = routing_.route(recipient);
  if (route.channel == queue::Channel::remote) return Says::elsewhere;
  const std::string_view local = divide(route.address).local;
  if (local.empty()) return Says::invalid;
  const auto assigned = find_in_cdb(home, local);
  if (std::holds_alternative<users::DamagedCdb>(assigned)) return Says::later;
  if (const auto* user = std::get_if<users::UserRecord>(&assigned)) return mailbox_of(*user);
  const auto user = ask_getpw(home, local);
  return user ? mailbox_of(*user) : Says::later;
}

}  // namespace qmail::features
