#include "core/programs/qmail-local/deliveries.h"

#include "core/base/error_text.h"
#include "core/base/failure.h"
#include "core/base/fd.h"
#include "core/base/io.h"
#include "core/base/spawn.h"
#include "core/mailbox/mbox.h"
#include "core/queue/forward.h"

namespace qmail::local {
namespace {

using Kind = Instruction::Kind;

constexpr const char* shell = "/bin/sh";
constexpr int stop_here = 99;

Failure temporary(const std::string& text) { return {Exit::temporary, text}; }

std::string_view verb_of(Kind kind) {
  switch (kind) {
    case Kind::maildir: return "maildir ";
    case Kind::mbox: return "mbox ";
    case Kind::program: return "program ";
    default: return "forward ";
  }
}

}  // namespace

void Deliveries::admit(const Instruction& instruction, bool& is_forward_only) {
  switch (instruction.kind) {
    case Kind::blank_first_line: throw temporary("Uh-oh: first line of .qmail file is blank. (#4.2.1)");
    case Kind::forward_only: is_forward_only = true; break;
    case Kind::forward: ++forward_count_; break;
    case Kind::program:
      ++programs_;
      if (is_forward_only) throw temporary("Uh-oh: .qmail has prog delivery but has x bit set. (#4.7.0)");
      break;
    case Kind::maildir:
    case Kind::mbox:
      ++files_;
      if (is_forward_only) throw temporary("Uh-oh: .qmail has file delivery but has x bit set. (#4.7.0)");
      break;
  }
}

std::optional<int> Deliveries::run(const std::vector<Instruction>& instructions, bool is_forward_only) {
  for (const Instruction& instruction : instructions) {
    admit(instruction, is_forward_only);
    const Next next = perform(instruction);
    if (next == Next::bounce) return static_cast<int>(Exit::permanent);
    if (next == Next::defer) return static_cast<int>(Exit::temporary);
    if (next == Next::stop) break;
  }
  if (!forwards_.empty()) forward();
  return std::nullopt;
}

void Deliveries::rehearse(const std::vector<Instruction>& instructions, bool is_forward_only) {
  for (const Instruction& instruction : instructions) {
    admit(instruction, is_forward_only);
    if (instruction.kind == Kind::forward_only) continue;
    Writer(world_.out)
        .put(verb_of(instruction.kind))
        .put(instruction.text)
        .put("\n")
        .flush_or_throw("output");
  }
}

Deliveries::Next Deliveries::perform(const Instruction& instruction) {
  const std::string path(instruction.text);
  switch (instruction.kind) {
    case Kind::maildir: mailbox::deliver_to_maildir(path, world_.message, shared_); break;
    case Kind::mbox: mailbox::append_to_mbox(path, world_.message); break;
    case Kind::program: return run_program(instruction.text);
    case Kind::forward: forwards_.push_back(instruction.text); break;
    default: break;
  }
  return Next::go_on;
}

Deliveries::Next Deliveries::run_program(std::string_view command) {
  mailbox::rewind(world_.message);
  const auto child = spawn({.argv = {shell, "-c", std::string(command)},
                            .fds = {{world_.message.fd, 0}, {world_.out, 1}, {world_.err, 2}},
                            .environment = world_.environment});
  if (!child) {
    const std::string attempt = is_temporary(errno) ? "fork" : std::string("run ") + shell;
    throw temporary("Unable to " + attempt + ": " + error_text(errno) + ". (#4.3.0)");
  }
  const int status = wait_for(*child);
  if (crashed(status)) throw temporary("Aack, child crashed. (#4.3.0)");
  const int code = exit_code(status);
  if (code == 0) return Next::go_on;
  if (code == stop_here) return Next::stop;
  return is_permanent_code(code) ? Next::bounce : Next::defer;
}

void Deliveries::forward() {
  mailbox::rewind(world_.message);
  const queue::Forward what{.message = world_.message.fd,
                            .delivered_to = world_.environment.get("DTLINE"),
                            .sender = world_.new_sender,
                            .recipients = forwards_};
  const auto [reply, qp] = queue::forward(what, Directory::open(world_.qmail_home), world_.environment);
  qp_ = qp;
  if (reply.empty()) return;
  throw Failure(reply.front() == 'D' ? Exit::permanent : Exit::temporary,
                "Unable to forward message: " + reply.substr(1) + ".");
}

std::string Deliveries::summary() const {
  std::string text = "did " + std::to_string(files_) + "+" + std::to_string(forward_count_) + "+" +
                     std::to_string(programs_) + "\n";
  if (qp_ != 0) text += "qp " + std::to_string(qp_) + "\n";
  return text;
}

}  // namespace qmail::local
