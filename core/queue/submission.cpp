#include "core/queue/submission.h"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>

#include "core/base/text.h"
#include "core/base/unix_address.h"
#include "core/format/fixed_width.h"

namespace qmail::queue {
namespace {

constexpr int connection_lost = 74;  // qmail-queue(8)
constexpr std::size_t head_size = 4;
constexpr std::string_view end_of_message("\0\0\0\0", head_size);

void skip(std::array<iovec, 4>& parts, std::size_t count) {
  for (iovec& part : parts) {
    const std::size_t taken = std::min(count, part.iov_len);
    part.iov_base = static_cast<char*>(part.iov_base) + taken;
    part.iov_len -= taken;
    count -= taken;
  }
}

}  // namespace

std::string answer_bytes(const Answer& answer) {
  return static_cast<char>(answer.code) + std::to_string(answer.qp) + '\n';
}

std::optional<Answer> parse_answer(std::string_view bytes) {
  if (bytes.size() < 2 || bytes.back() != '\n') return std::nullopt;
  const auto qp = parse_number<std::uint64_t>(bytes.substr(1, bytes.size() - 2));
  if (!qp) return std::nullopt;
  return Answer{.code = static_cast<unsigned char>(bytes.front()), .qp = *qp};
}

std::string chunk_head(std::uint32_t length) {
  std::string head;
  append_fixed(head, length);
  return head;
}

std::string_view SubmissionScan::take(std::string_view& in) {
  while (!in.empty() && !at_envelope_ && left_ == 0) {
    head_ |= std::uint32_t{static_cast<unsigned char>(in.front())} << (8 * head_bytes_);
    in.remove_prefix(1);
    if (++head_bytes_ < head_size) continue;
    left_ = head_;
    at_envelope_ = head_ == 0;
    head_ = 0;
    head_bytes_ = 0;
  }
  if (at_envelope_) return {};
  const std::string_view taken = in.substr(0, left_);
  in.remove_prefix(taken.size());
  left_ -= static_cast<std::uint32_t>(taken.size());
  return taken;
}

std::optional<Submission> Submission::connect(const Directory& home) {
  const auto address = address_of(home, submission_socket);
  Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) return std::nullopt;
  int connected = -1;
  do connected = ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  while (connected < 0 && errno == EINTR);
  if (connected < 0) return std::nullopt;
  return Submission(std::move(socket));
}

bool Submission::send(std::array<std::string_view, 4> parts) {
  std::array<iovec, 4> vector{};
  std::size_t left = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    vector[i] = {const_cast<char*>(parts[i].data()), parts[i].size()};
    left += parts[i].size();
  }
  msghdr message{};
  message.msg_iov = vector.data();
  message.msg_iovlen = vector.size();
  while (left > 0) {
    const ssize_t sent = ::sendmsg(socket_.get(), &message, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return false;
    sent_any_ = true;
    left -= static_cast<std::size_t>(sent);
    skip(vector, static_cast<std::size_t>(sent));
  }
  return true;
}

std::optional<Answer> Submission::submit(std::string_view message, std::string_view envelope) {
  const std::string head = message.empty() ? "" : chunk_head(static_cast<std::uint32_t>(message.size()));
  if (!send({head, message, end_of_message, envelope}) && !sent_any_) return std::nullopt;
  return answer();
}

bool Submission::put_message(std::string_view bytes) {
  if (bytes.empty()) return true;
  return send({chunk_head(static_cast<std::uint32_t>(bytes.size())), bytes});
}

bool Submission::end_message() { return send({end_of_message}); }
bool Submission::put_envelope(std::string_view bytes) { return send({bytes}); }

Answer Submission::answer() {
  std::string bytes;
  while (bytes.size() < longest_answer && !bytes.ends_with('\n')) {
    std::array<char, longest_answer> room;
    const ssize_t got = ::recv(socket_.get(), room.data(), room.size() - bytes.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    bytes.append(room.data(), static_cast<std::size_t>(got));
  }
  return parse_answer(bytes).value_or(Answer{.code = connection_lost});
}

}  // namespace qmail::queue
