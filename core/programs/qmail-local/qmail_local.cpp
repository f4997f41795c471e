#include "core/programs/qmail-local/qmail_local.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error_text.h"
#include "core/base/failure.h"
#include "core/base/home.h"
#include "core/base/io.h"
#include "core/base/signals.h"
#include "core/format/dot_qmail.h"
#include "core/programs/qmail-local/deliveries.h"
#include "core/programs/qmail-local/dot_qmail_file.h"
#include "core/programs/qmail-local/forbidden_modes.h"
#include "core/programs/qmail-local/together.h"

namespace qmail::local {
namespace {

Failure unable(const std::string& attempt, int error) {
  return {Exit::temporary, "Unable to " + attempt + ": " + error_text(error) + ". (#4.3.0)"};
}

void enter_home(const std::string& home, bool is_rehearsal, int err) {
  if (::chdir(home.c_str()) < 0) throw unable("switch to " + home, errno);
  struct stat status {};
  if (::stat(".", &status) < 0) throw unable("stat home directory", errno);
  if ((status.st_mode & forbidden_modes) != 0)
    throw Failure(Exit::temporary, "Uh-oh: home directory is writable. (#4.7.0)");
  if ((status.st_mode & S_ISVTX) == 0) return;
  if (!is_rehearsal)
    throw Failure(Exit::temporary, "Home directory is sticky: user is editing his .qmail file. (#4.2.1)");
  // Only a warning: what is said next matters more than whether it was heard.
  static_cast<void>(Writer(err).put("Warning: home directory is sticky.\n").flush());
}

/// Throws Failure if the header already has the line: the message has been here before.
void refuse_loop(const mailbox::Message& message, std::string_view delivered_to) {
  mailbox::rewind(message);
  Reader reader(message.fd);
  std::string line;
  while (reader.line(line, delivered_to.size()) && !line.empty())
    if (line == delivered_to.substr(0, delivered_to.size() - 1))
      throw Failure(Exit::permanent,
                    "This message is looping: it already has my Delivered-To line. (#5.4.6)");
  if (reader.stopped() == Stop::failed) throw unable("read message", reader.error());
}

/// The file that counts, or an empty one for the user's own address.
DotQmailFile find_instructions(const Recipient& recipient) {
  auto file = find_dot_qmail(recipient);
  if (!file && !recipient.dash.empty())
    throw Failure(Exit::permanent, "Sorry, no mailbox here by that name. (#5.1.1)");
  return file ? std::move(*file) : DotQmailFile{};
}

int deliver_with(const Process& self, mailbox::Shared& shared) {
  Arguments arguments = parse_arguments(self.args);
  return deliver({.recipient = std::move(arguments.recipient),
                  .is_rehearsal = arguments.is_rehearsal,
                  .message = self.in,
                  .out = self.out,
                  .err = self.err,
                  .environment = self.environment,
                  .shared = shared,
                  .clock = self.clock,
                  .qmail_home = home_path()});
}

class LocalWork final : public resident::Work {
 public:
  int run(Process& self, resident::Shift& shift) override {
    if (!shared_) shared_.emplace(mailbox::Shared{.names = mailbox::UniqueNames(self.clock)});
    if (!is_together(self)) return deliver_with(self, *shared_);
    shift.say(users::outcome_bytes(deliver_together(self, *shared_)));
    return 0;
  }

 private:
  std::optional<mailbox::Shared> shared_;
};

}  // namespace

int deliver(const Job& job) {
  ::umask(077);
  signals::ignore(SIGPIPE);
  enter_home(job.recipient.home, job.is_rehearsal, job.err);
  const HeadLines lines = head_lines(job.recipient, job.clock.now());
  const std::string head = lines.return_path + lines.delivered_to;
  const mailbox::Message message{.fd = job.message, .from_line = lines.from, .head = head};
  if (!job.is_rehearsal) refuse_loop(message, lines.delivered_to);

  Surroundings surroundings{.message = message,
                            .out = job.out,
                            .err = job.err,
                            .environment = job.environment,
                            .new_sender = {},
                            .qmail_home = job.qmail_home};
  describe(job.recipient, lines, surroundings.environment);
  DotQmailFile file = find_instructions(job.recipient);
  if (file.matched) surroundings.environment.set("DEFAULT", *file.matched);
  surroundings.new_sender = new_sender(job.recipient);
  surroundings.environment.set("NEWSENDER", surroundings.new_sender);
  if (file.text.empty()) file = {.text = job.recipient.default_delivery};

  Deliveries deliveries(surroundings, job.shared);
  const std::vector<Instruction> instructions = parse_dot_qmail(file.text);
  if (job.is_rehearsal)
    deliveries.rehearse(instructions, file.is_forward_only);
  else if (const auto code = deliveries.run(instructions, file.is_forward_only))
    return *code;
  // The deliveries are done: a report that nobody takes must not have them done again.
  static_cast<void>(Writer(job.out).put(deliveries.summary()).flush());
  return 0;
}

int deliver_as_told(const Process& self) {
  mailbox::Shared shared{.names = mailbox::UniqueNames(self.clock)};
  return deliver_with(self, shared);
}

std::optional<std::string> find_only_maildir(const Recipient& recipient, int message, int err) {
  enter_home(recipient.home, false, err);
  refuse_loop({.fd = message}, head_lines(recipient, 0).delivered_to);
  DotQmailFile file = find_instructions(recipient);
  if (file.is_forward_only) return std::nullopt;
  if (file.text.empty()) file.text = recipient.default_delivery;
  const std::vector<Instruction> instructions = parse_dot_qmail(file.text);
  if (instructions.size() != 1 || instructions.front().kind != Instruction::Kind::maildir)
    return std::nullopt;
  return std::string(instructions.front().text);
}

std::unique_ptr<resident::Work> make_work() { return std::make_unique<LocalWork>(); }

std::string plain_text(const std::string& why) {
  return (why == "out of memory" ? "Out of memory. (#4.3.0)" : why) + "\n";
}

Ending plain_ending() {
  // Nobody is left to tell if standard error is gone.
  return {
      .report = [](const std::string& why) { static_cast<void>(Writer(2).put(plain_text(why)).flush()); }};
}

}  // namespace qmail::local
