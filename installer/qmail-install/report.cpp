#include "installer/qmail-install/report.h"

#include <signal.h>

#include "core/base/signals.h"

namespace qmail::installer {
namespace {

using dialogue::say;
using dialogue::Text;

/// Back to the start of the line, and clear it: every terminal in use knows this.
constexpr std::string_view erase_line = "\r\033[K";
constexpr std::size_t terminal_columns = 79;

/// As much of UTF-8 `text` as fits; what is not ASCII is taken as two columns wide.
std::string fit(std::string_view text, std::size_t columns) {
  std::size_t used = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool continues = (byte & 0xc0) == 0x80;
    if (!continues) used += byte < 0x80 ? 1 : 2;
    if (used > columns) return std::string(text.substr(0, i));
  }
  return std::string(text);
}

const char* severity_name(plan::Finding::Severity severity) {
  switch (severity) {
    case plan::Finding::Severity::error: return "error";
    case plan::Finding::Severity::warning: return "warning";
    case plan::Finding::Severity::note: break;
  }
  return "note";
}

Text severity_label(plan::Finding::Severity severity) {
  switch (severity) {
    case plan::Finding::Severity::error: return Text::error_label;
    case plan::Finding::Severity::warning: return Text::warning_label;
    case plan::Finding::Severity::note: break;
  }
  return Text::note_label;
}

}  // namespace

void Report::line(const std::string& text) {
  if (line_is_open_) out_.put(erase_line);
  line_is_open_ = false;
  out_.put(text).put("\n");
  flush();
}

void Report::record(const nlohmann::json& object) {
  if (json_) line(object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

void Report::show(const plan::Finding& finding) {
  record({{"event", "finding"},
          {"id", finding.id},
          {"severity", severity_name(finding.severity)},
          {"text", say(finding.message, dialogue::Language::english)}});
  if (!json_)
    line(say({severity_label(finding.severity)}, console_.language) + " " + finding.id + ": " +
         say(finding.message, console_.language));
}

void Report::show(const transaction::Plan& plan, const dialogue::Message& title) {
  record({{"event", "plan"}, {"plan", transaction::to_json(plan)}});
  if (json_) return;
  line(say(title, console_.language));
  for (std::size_t i = 0; i < plan.steps.size(); ++i)
    line("  " + std::to_string(i + 1) + ". " + say(plan.steps[i], console_.language));
}

void Report::tell(const dialogue::Message& message) {
  record({{"event", "told"}, {"text", say(message, dialogue::Language::english)}});
  if (!json_) line(say(message, console_.language));
}

void Report::fail(const dialogue::Message& message) {
  record({{"event", "error"}, {"text", say(message, dialogue::Language::english)}});
  if (!json_) line(say({Text::error_label}, console_.language) + ": " + say(message, console_.language));
}

void Report::fail(const std::string& why) {
  record({{"event", "error"}, {"text", why}});
  if (!json_) line(say({Text::error_label}, console_.language) + ": " + why);
}

void Report::transaction(const std::string& id, const std::string& title, std::size_t done, std::size_t steps,
                         const dialogue::Message& state) {
  record({{"event", "transaction"},
          {"id", id},
          {"title", title},
          {"done", done},
          {"of", steps},
          {"state", say(state, dialogue::Language::english)}});
  if (json_) return;
  line(id + "  " + title + "  " + std::to_string(done) + "/" + std::to_string(steps) + "  " +
       say(state, console_.language));
}

void Report::ask(const dialogue::Message& message) {
  out_.put(say(message, console_.language));
  flush();
}

void Report::progress(const char* event, std::size_t number, const std::string& text,
                      const transaction::Step& step) {
  record({{"event", event}, {"step", number + 1}, {"of", steps_}, {"what", transaction::to_json(step)}});
  if (json_) return;
  const std::string numbered = "[" + std::to_string(number + 1) + "/" + std::to_string(steps_) + "] " + text;
  if (!console_.is_terminal) return line(numbered);
  out_.put(erase_line).put(fit(numbered, terminal_columns));
  line_is_open_ = true;
  flush();
}

void Report::doing(std::size_t number, const transaction::Step& step) {
  progress("doing", number, say(step, console_.language), step);
}

void Report::undoing(std::size_t number, const transaction::Step& step) {
  progress("undoing", number, say({Text::undo, {say(step, console_.language)}}, console_.language), step);
}

void Report::kept(const std::string& note) {
  record({{"event", "kept"}, {"text", note}});
  if (!json_) line(note);
}

bool Report::wants_stop() { return signals::take(SIGINT) || signals::take(SIGTERM); }

}  // namespace qmail::installer
