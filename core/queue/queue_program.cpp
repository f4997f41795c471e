#include "core/queue/queue_program.h"

#include <array>
#include <cerrno>
#include <utility>

#include "core/base/spawn.h"

namespace qmail::queue {
namespace {

constexpr int reply_descriptor = 6;  // notqmail's extension: a filter may write the reply here
constexpr std::size_t longest_reply = 255;
constexpr int could_not_exec = 120;

struct CodeReply {
  int code;
  std::string_view reply;
};

constexpr std::array<CodeReply, 22> replies{{
    {115, "Denvelope address too long for qq (#5.1.3)"},  // compatibility
    {11, "Denvelope address too long for qq (#5.1.3)"},
    {31, "Dmail server permanently rejected message (#5.3.0)"},
    {51, "Zqq out of memory (#4.3.0)"},
    {52, "Zqq timeout (#4.3.0)"},
    {53, "Zqq write error or disk full (#4.3.0)"},
    {54, "Zqq read error (#4.3.0)"},
    {55, "Zqq unable to read configuration (#4.3.0)"},
    {56, "Zqq trouble making network connection (#4.3.0)"},
    {61, "Zqq trouble in home directory (#4.3.0)"},
    {62, "Zqq trouble creating files in queue (#4.3.0)"},
    {63, "Zqq trouble creating files in queue (#4.3.0)"},
    {64, "Zqq trouble creating files in queue (#4.3.0)"},
    {65, "Zqq trouble creating files in queue (#4.3.0)"},
    {66, "Zqq trouble creating files in queue (#4.3.0)"},
    {71, "Zmail server temporarily rejected message (#4.3.0)"},
    {72, "Zconnection to mail server timed out (#4.4.1)"},
    {73, "Zconnection to mail server rejected (#4.4.1)"},
    {74, "Zcommunication with mail server failed (#4.4.2)"},
    {81, "Zqq internal bug (#4.3.0)"},
    {91, "Zqq internal bug (#4.3.0)"},
    {could_not_exec, "Zunable to exec qq (#4.3.0)"},
}};

}  // namespace

std::string reply_for(int exit_code, std::string_view text) {
  if (exit_code == 0) return "";
  for (const auto& [code, reply] : replies)
    if (code == exit_code) return std::string(reply);
  if (exit_code == 82 && text.size() > 2) return std::string(text);
  if (exit_code >= 11 && exit_code <= 40) return "Dqq permanent problem (#5.3.0)";
  return "Zqq temporary problem (#4.3.0)";
}

std::optional<QueueProgram> QueueProgram::try_start(const Directory& home, const Environment& environment) {
  auto message = Pipe::try_make();
  auto envelope = Pipe::try_make();
  auto reply = Pipe::try_make();
  if (!message || !envelope || !reply) return std::nullopt;
  // A relative $QMAILQUEUE is relative to the home directory, as it always was.
  const std::string program(environment.get("QMAILQUEUE", "bin/qmail-queue"));
  QueueProgram started;
  started.child_ = spawn({.argv = {program},
                          .fds = {{message->read.get(), 0},
                                  {envelope->read.get(), 1},
                                  {2, 2},
                                  {reply->write.get(), reply_descriptor}},
                          .environment = environment,
                          .directory = home.label()});
  // A program that cannot be run is another matter: end() tells of it.
  if (!started.child_ && (errno == EAGAIN || errno == ENOMEM || errno == EMFILE || errno == ENFILE))
    return std::nullopt;
  started.message_ = std::move(message->write);
  started.envelope_ = std::move(envelope->write);
  started.reply_ = std::move(reply->read);
  started.writer_.emplace(started.message_.get());
  return started;
}

QueueProgram::QueueProgram(QueueProgram&& other) noexcept
    : message_(std::move(other.message_)),
      envelope_(std::move(other.envelope_)),
      reply_(std::move(other.reply_)),
      writer_(std::move(other.writer_)),
      child_(std::exchange(other.child_, std::nullopt)),
      lost_(other.lost_) {}

QueueProgram::~QueueProgram() {
  if (!child_) return;
  message_.close();
  envelope_.close();
  reap(*child_);  // it sees a cut envelope and ends; what it says about that concerns nobody
}

void QueueProgram::start_envelope() {
  if (!writer_->flush()) lost_ = true;
  message_.close();
  writer_.emplace(envelope_.get());
}

std::string QueueProgram::end() {
  if (!writer_->flush()) lost_ = true;
  message_.close();
  envelope_.close();
  if (!child_) return reply_for(could_not_exec, "");
  std::string text;
  Reader reader(reply_.get());
  while (text.size() < longest_reply) {
    const auto byte = reader.get();
    if (!byte) break;
    text += *byte;
  }
  reply_.close();
  const int status = wait_for(*std::exchange(child_, std::nullopt));
  if (crashed(status)) return "Zqq crashed (#4.3.0)";
  const int code = exit_code(status);
  return reply_for(code == 0 && lost_ ? 54 : code, text);
}

}  // namespace qmail::queue
