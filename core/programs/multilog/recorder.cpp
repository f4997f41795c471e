#include "core/programs/multilog/recorder.h"

#include <memory>
#include <signal.h>
#include <sys/stat.h>
#include <vector>

#include "core/base/failure.h"
#include "core/base/io.h"
#include "core/base/signals.h"
#include "core/base/sys.h"
#include "core/base/text.h"
#include "core/log/stamp.h"
#include "core/programs/multilog/input.h"
#include "core/programs/multilog/rotated_log.h"

namespace qmail::multilog {
namespace {

/// What actions see of a line; only logs get the rest.
constexpr std::size_t seen_bytes = 1000;
constexpr std::size_t alert_bytes = 200;

class Recorder {
 public:
  Recorder(const Script& script, const RecorderWorld& world)
      : world_(world),
        is_stamped_(script.is_stamped),
        steps_(open_all(script, world)),
        input_(world.in, {.wait = [this] { for_each_log(&RotatedLog::flush); },
                          .alarm = [this] { for_each_log(&RotatedLog::rotate); }}) {}

  void run() {
    while (take_line()) continue;
    for_each_log(&RotatedLog::close);
    if (input_.error() != 0) throw Failure::system("read standard input", input_.error());
  }

 private:
  struct Step {
    Action action;
    Fd status{};
    std::unique_ptr<RotatedLog> log = nullptr;
    bool is_selected = false;  ///< the log, for this line
  };

  static std::vector<Step> open_all(const Script& script, const RecorderWorld& world);
  template <typename Do>
  void for_each_log(Do action) {
    for (Step& step : steps_)
      if (step.log) ((*step.log).*action)();
  }
  bool take_line();
  void carry_out();
  void put(std::string_view bytes);
  void write_alert() const;
  void write_status(const Step& step) const;

  const RecorderWorld& world_;
  bool is_stamped_;
  std::vector<Step> steps_;
  Input input_;
  std::string line_;  ///< as much of it as actions see
};

Fd open_status(const std::string& file) {
  Fd opened(sys::open_at(AT_FDCWD, file.c_str(), O_WRONLY | O_NONBLOCK | O_CREAT, 0600));
  if (!opened) throw Failure::system("create " + file);
  return opened;
}

std::vector<Recorder::Step> Recorder::open_all(const Script& script, const RecorderWorld& world) {
  std::vector<Step> steps;
  for (const Action& action : script.actions) steps.push_back({.action = action});
  for (Step& step : steps)
    if (step.action.kind == Action::Kind::status) step.status = open_status(step.action.text);
  for (Step& step : steps)
    if (step.action.kind == Action::Kind::log)
      step.log = std::make_unique<RotatedLog>(step.action.log, world.clock, world.patience);
  return steps;
}

/// False at the end of the input. A last line without newline gets one.
bool Recorder::take_line() {
  line_.clear();
  std::optional<char> byte;
  while (line_.size() < seen_bytes && (byte = input_.get())) {
    if (line_.empty() && is_stamped_) line_ = log::tai_stamp(world_.clock.moment()) + " ";
    if (*byte == '\n') break;
    line_ += *byte;
  }
  if (!byte && line_.empty()) return false;
  carry_out();
  put(line_);
  if (line_.size() == seen_bytes)
    while ((byte = input_.get()) && *byte != '\n') put({&*byte, 1});
  put("\n");
  return byte.has_value();
}

void Recorder::carry_out() {
  bool is_selected = true;
  for (Step& step : steps_) {
    switch (step.action.kind) {
      case Action::Kind::select: is_selected = is_selected || matches(step.action.text, line_); break;
      case Action::Kind::deselect: is_selected = is_selected && !matches(step.action.text, line_); break;
      case Action::Kind::alert:
        if (is_selected) write_alert();
        break;
      case Action::Kind::status:
        if (is_selected) write_status(step);
        break;
      case Action::Kind::log: step.is_selected = is_selected;
    }
  }
}

void Recorder::put(std::string_view bytes) {
  for (Step& step : steps_)
    if (step.log && step.is_selected) step.log->put(bytes);
}

void Recorder::write_alert() const {
  Writer err(world_.err);
  err.put(std::string_view(line_).substr(0, alert_bytes)).put(line_.size() > alert_bytes ? "...\n" : "\n");
  // Nobody is left to tell if standard error is gone.
  static_cast<void>(err.flush());
}

void Recorder::write_status(const Step& step) const {
  std::string text = line_;
  text.resize(seen_bytes + 1, '\n');
  const iovec piece{text.data(), text.size()};
  world_.patience.until_done("unable to write " + step.action.text, [&] {
    return sys::pwritev(step.status.get(), &piece, 1, 0) == static_cast<ssize_t>(text.size());
  });
}

}  // namespace

int record_lines(const Script& script, const RecorderWorld& world) {
  ::umask(022);
  // A standard error that is gone costs no line, and nobody else waits for the processor.
  signals::ignore(SIGPIPE);
  signals::set_default(SIGCHLD);
  for (const std::string& argument : script.unknown)
    world.patience.warn("action " + printable(argument, '?') + " is not known and does nothing");
  Recorder(script, world).run();
  return 0;
}

}  // namespace qmail::multilog
