// Sending one message by SMTP, as a program: arguments and control files in, reports out. qmail-remote(8).
#pragma once
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/program.h"
#include "core/base/resident.h"
#include "core/control/fresh.h"
#include "core/programs/qmail-remote/partner.h"
#include "core/programs/qmail-remote/settings.h"
#include "core/smtp/client_hook.h"

namespace qmail::remote {

/// The report if the program cannot go on from here.
using Stage = std::string_view;
using EnterStage = std::function<void(Stage)>;

/// Sends messages, one after the other; between them it keeps what the control files say, and a connection.
class Courier {
 public:
  explicit Courier(std::span<smtpc::Configure* const> features) : features_(features) {}

  /// Sends the message on standard input as the arguments host, sender, recipient... say. Every report. A
  /// Failure belongs to the stage it last entered.
  std::string send(const Process& self, const EnterStage& enter);
  /// For how long the connection it keeps is to be kept; none: it keeps none.
  std::optional<int> keep_seconds() const;
  /// The descriptors it keeps.
  std::vector<int> kept() const;

 private:
  /// What the control files say.
  struct Configuration {
    Settings settings;
    smtpc::Features features;
  };

  std::span<smtpc::Configure* const> features_;
  Fresh<Configuration> configuration_;
  int keep_seconds_ = 0;
  std::unique_ptr<Partner> partner_;
};

/// Sends one message; prints the reports on standard output, and returns 0 whatever they are.
int send_by_smtp(const Process& self, std::span<smtpc::Configure* const> features, Stage& stage);

/// Every end is told in a report, with exit code 0. `stage` must outlive the program.
Ending report_failures(const Stage& stage);

/// "qmail-remote --resident": a worker's jobs are the same, but their reports go to the master.
int serve_residently(std::span<smtpc::Configure* const> features);

}  // namespace qmail::remote
