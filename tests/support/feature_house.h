// All that a feature of qmail-smtpd is made with, for its tests: control files, the session's facts, the log.
#pragma once
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/smtp/server_hook.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_home.h"

namespace qmail::test {

/// A client that answers nothing, and says something before its time is over or does not.
class SilentClient final : public smtpd::Dialogue {
 public:
  std::optional<std::string> ask(const smtpd::Reply&) override { return std::nullopt; }
  bool speaks_within(std::chrono::milliseconds time) override {
    waited.push_back(time);
    return is_hasty;
  }
  void cross(const smtpd::Reply&,
             const std::function<std::optional<smtpd::Crossing>(Reader&, Writer&)>&) override {}

  void pause(std::chrono::milliseconds time) override { paused.push_back(time); }

  bool is_hasty = false;
  std::vector<std::chrono::milliseconds> waited, paused;
};

class FeatureHouse {
 public:
  FeatureHouse() { std::filesystem::create_directory(files.path() / "control"); }

  void write(const std::string& control_file, const std::string& bytes) const {
    files.write("control/" + control_file, bytes);
  }
  /// The feature's seat in a session that begins now; null if it has none.
  std::unique_ptr<smtpd::Feature> seat(smtpd::Configure configure) {
    setting_ = configure(Control(files.open().sub("control")));
    return setting_ ? setting_->join({{home, clock, facts, note_}, admission_}) : nullptr;
  }

  TempHome files;
  FakeClock clock;
  smtpd::Facts facts{};
  SilentClient client;
  std::vector<std::string> notes;
  const Directory home = files.open();

 private:
  std::function<void(std::string_view)> note_ = [this](std::string_view line) { notes.emplace_back(line); };
  smtpd::Admission admission_{facts};
  std::unique_ptr<smtpd::FeatureSetting> setting_;
};

/// The code of a refusal; 0: no opinion.
inline int code_of(const smtpd::Verdict& verdict) { return verdict ? verdict->code : 0; }

}  // namespace qmail::test
