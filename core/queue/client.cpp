#include "core/queue/client.h"

#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include "core/base/failure.h"
#include "core/queue/submission.h"

namespace qmail::queue {
namespace {

constexpr int read_error = 54;
constexpr int could_not_start = 120;

/// The resident sees who connects, but not who started a program that runs as somebody else.
bool may_use_resident(const Directory& home, const Environment& environment) {
  return !environment.find("QMAILQUEUE") && ::getuid() == ::geteuid() && ::getgid() == ::getegid() &&
         ::faccessat(home.get(), submission_socket, F_OK, 0) == 0;
}

Client open_or_throw(const Directory& home, const Environment& environment) {
  if (auto client = Client::try_open(home, environment)) return std::move(*client);
  throw Failure::system("start qmail-queue");
}

}  // namespace

std::optional<Client> Client::try_open(const Directory& home, const Environment& environment) {
  if (may_use_resident(home, environment)) return Client(home, environment, std::nullopt);
  auto program = QueueProgram::try_start(home, environment);
  if (!program) return std::nullopt;
  return Client(home, environment, std::move(program));
}

Client::Client(const Directory& home, const Environment& environment)
    : Client(open_or_throw(home, environment)) {}

bool Client::start_program() {
  auto started = QueueProgram::try_start(*home_, *environment_);
  if (!started) return false;
  program_.emplace(std::move(*started));
  program_->put(std::exchange(message_, {}));
  if (!in_envelope_) return true;
  program_->start_envelope();
  program_->put(std::exchange(envelope_, {}));
  return true;
}

void Client::put(std::string_view bytes) {
  if (failed_) return;
  if (program_) return program_->put(bytes);
  message_ += bytes;
  if (message_.size() > most_logged_bytes && !start_program()) failed_ = true;
}

void Client::put_envelope(std::string_view bytes) {
  if (failed_) return;
  if (program_) return program_->put(bytes);
  envelope_ += bytes;
}

void Client::from(std::string_view sender) {
  in_envelope_ = true;
  if (program_) program_->start_envelope();
  put_envelope("F");
  put_envelope(sender);
  put_envelope(std::string_view("", 1));
}

void Client::to(std::string_view recipient) {
  put_envelope("T");
  put_envelope(recipient);
  put_envelope(std::string_view("", 1));
  if (++recipients_ > most_logged_recipients && !program_ && !failed_ && !start_program()) failed_ = true;
}

std::string Client::close() {
  put_envelope(std::string_view("", 1));
  if (program_) return end_program();
  if (failed_) return reply_for(read_error, "");
  auto submission = Submission::connect(*home_);
  const auto answer = submission ? submission->submit(message_, envelope_) : std::nullopt;
  if (!answer) return start_program() ? end_program() : reply_for(could_not_start, "");
  qp_ = answer->qp;
  return reply_for(answer->code, "");
}

std::string Client::end_program() {
  qp_ = static_cast<std::uint64_t>(program_->pid());
  std::string reply = program_->end();
  return reply.empty() && failed_ ? reply_for(read_error, "") : reply;
}

}  // namespace qmail::queue
