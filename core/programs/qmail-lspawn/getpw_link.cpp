#include "core/programs/qmail-lspawn/getpw_link.h"

#include <array>
#include <cerrno>
#include <sys/socket.h>

#include "core/base/fd_passing.h"
#include "core/users/user_answer.h"

namespace qmail {
namespace {

/// One that hangs, because a name service does, must not hold up the users that others know.
constexpr unsigned patience_seconds = 2;
constexpr std::int64_t retry_seconds = 10;

FoundUser user_of(std::string_view packet) {
  const auto answer = users::parse_user_answer(packet);
  if (!answer) return no_user(users::LocalCode::usage);
  if (answer->exit_code != 0) return answer->exit_code;
  auto user = users::parse_user_record(answer->fields);
  if (!user) return no_user(users::LocalCode::usage);
  return std::move(*user);
}

}  // namespace

bool GetpwLink::start() {
  const std::int64_t now = clock_.now();
  if (now < not_before_) return false;
  not_before_ = now + retry_seconds;
  auto pair = SocketPair::try_make(SOCK_SEQPACKET);
  if (!pair) return false;
  if (!spawn({.argv = {"bin/qmail-getpw", "--resident"},
              .fds = {{pair->other.get(), 0}, {2, 2}},
              .directory = world_.home.label(),
              .identity = world_.getpw}))
    return false;
  socket_ = std::move(pair->one);
  return true;
}

bool GetpwLink::ask(queue::Slot slot, std::string_view local) {
  if (local.size() > users::longest_question || (!socket_ && !start())) return false;
  // One that is gone shows when it is waited for.
  if (::send(socket_.get(), local.data(), local.size(), MSG_DONTWAIT | MSG_NOSIGNAL) < 0) return false;
  if (waiting_.empty()) patience_.emplace(clock_, patience_seconds);
  waiting_.push_back(slot);
  return true;
}

void GetpwLink::prepare(PollSet& set) {
  polled_ = set.add(socket_.get());
  if (!waiting_.empty()) set.within(patience_->milliseconds_left());
}

std::vector<GetpwLink::Answer> GetpwLink::act(const PollSet& set) {
  std::vector<Answer> answers;
  std::array<char, users::longest_answer + 1> packet;
  while (set.is_ready(polled_)) {
    const ssize_t size = ::recv(socket_.get(), packet.data(), packet.size(), MSG_DONTWAIT);
    if (size < 0 && errno == EAGAIN) break;
    // An answer that nobody asked for is as bad as none.
    if (size <= 0 || waiting_.empty()) {
      lose(answers);
      break;
    }
    answers.emplace_back(waiting_.front(), user_of({packet.data(), static_cast<std::size_t>(size)}));
    waiting_.pop_front();
    patience_.emplace(clock_, patience_seconds);
  }
  if (!waiting_.empty() && patience_->milliseconds_left() == 0) lose(answers);
  return answers;
}

void GetpwLink::lose(std::vector<Answer>& answers) {
  socket_.close();
  not_before_ = clock_.now() + retry_seconds;
  for (const queue::Slot slot : waiting_) answers.emplace_back(slot, std::nullopt);
  waiting_.clear();
}

}  // namespace qmail
