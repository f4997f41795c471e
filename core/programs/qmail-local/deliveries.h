// Doing what a .qmail file says, one instruction after the other. dot-qmail(5), qmail-command(8).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/environment.h"
#include "core/format/dot_qmail.h"
#include "core/mailbox/maildir.h"

namespace qmail::local {

/// What deliveries need, beside the instruction.
struct Surroundings {
  mailbox::Message message;
  int out;
  int err;
  Environment environment;  ///< of commands and of qmail-queue
  std::string new_sender;
  std::string qmail_home;
};

/// Both throw Failure, with the text that goes into the bounce or the log.
class Deliveries {
 public:
  Deliveries(const Surroundings& surroundings, mailbox::Shared& shared)
      : world_(surroundings), shared_(shared) {}

  /// Does everything, the collected forwarding last. None, or the exit code a command asks for.
  std::optional<int> run(const std::vector<Instruction>& instructions, bool is_forward_only);
  /// Says what run() would do.
  void rehearse(const std::vector<Instruction>& instructions, bool is_forward_only);
  /// "did FILES+FORWARDS+PROGRAMS" and, if something was forwarded, "qp NUMBER".
  std::string summary() const;

 private:
  enum class Next { go_on, stop, bounce, defer };

  /// Counts it; throws Failure if it is not allowed.
  void admit(const Instruction& instruction, bool& is_forward_only);
  Next perform(const Instruction& instruction);
  Next run_program(std::string_view command);
  void forward();

  const Surroundings& world_;
  mailbox::Shared& shared_;
  std::vector<std::string_view> forwards_;
  std::size_t files_ = 0, forward_count_ = 0, programs_ = 0;
  std::uint64_t qp_ = 0;
};

}  // namespace qmail::local
