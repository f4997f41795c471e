#include "installer/transaction/journal.h"

#include <algorithm>

#include "core/base/failure.h"
#include "core/base/text.h"
#include "core/format/sha256.h"

namespace qmail::transaction {
namespace {

using nlohmann::json;

constexpr std::size_t checksum_digits = 16;

std::string checksum(const json& record) {
  return hexadecimal(sha256(record.dump())).substr(0, checksum_digits);
}

/// The record of one line, if its checksum and its number are right.
std::optional<json> parse_record(std::string_view line, std::size_t number) {
  json record = json::parse(line, nullptr, false);
  if (!record.is_object() || !record.contains("sum") || !record.contains("seq")) return std::nullopt;
  const json sum = record["sum"];
  record.erase("sum");
  if (record["seq"] != number) return std::nullopt;
  // A line that holds invalid text parses but cannot be written again; it is damaged.
  const std::string written = record.dump(-1, ' ', false, json::error_handler_t::replace);
  if (sum != hexadecimal(sha256(written)).substr(0, checksum_digits)) return std::nullopt;
  return record;
}

}  // namespace

Journal::Journal(Plan plan, Sink sink)
    : plan_(std::move(plan)), steps_(plan_.steps.size()), sink_(std::move(sink)) {
  append({{"event", "begun"}, {"plan", to_json(plan_)}});
}

void Journal::append(json record) {
  record["seq"] = next_;
  record["sum"] = checksum(record);
  sink_(record.dump() + "\n");
  ++next_;
}

void Journal::intended(std::size_t step, const Saved& saved) {
  append({{"event", "intended"}, {"step", step}, {"saved", saved}});
  steps_[step].saved = saved;
}

void Journal::done(std::size_t step, const std::string& made) {
  append({{"event", "done"}, {"step", step}, {"made", made}});
  steps_[step].made = made;
}

void Journal::undone(std::size_t step) {
  append({{"event", "undone"}, {"step", step}});
  steps_[step].undone = true;
  state_ = State::rolling_back;
}

void Journal::committed() {
  append({{"event", "committed"}});
  state_ = State::committed;
}

void Journal::rolled_back() {
  append({{"event", "rolled-back"}});
  state_ = State::rolled_back;
}

const Saved* Journal::saved(std::size_t step) const {
  return steps_[step].saved ? &*steps_[step].saved : nullptr;
}

std::size_t Journal::done_count() const {
  return static_cast<std::size_t>(std::count_if(steps_.begin(), steps_.end(),
                                                [](const Progress& step) { return step.made.has_value(); }));
}

bool Journal::take_step(const json& record, const std::string& event) {
  if (!record.contains("step") || !record["step"].is_number_unsigned()) return false;
  const auto number = record["step"].get<std::size_t>();
  if (number >= steps_.size()) return false;
  Progress& step = steps_[number];
  if (event == "intended" && record.contains("saved")) {
    step.saved = record["saved"];
    return true;
  }
  if (event == "done" && record.contains("made") && record["made"].is_string()) {
    step.made = record["made"].get<std::string>();
    return true;
  }
  if (event != "undone") return false;
  step.undone = true;
  state_ = State::rolling_back;
  return true;
}

bool Journal::take_record(const json& record) {
  if (!record.contains("event") || !record["event"].is_string()) return false;
  const auto event = record["event"].get<std::string>();
  if (next_ == 0) {
    auto plan = event == "begun" && record.contains("plan") ? parse_plan(record["plan"]) : std::nullopt;
    if (!plan) return false;
    plan_ = *std::move(plan);
    steps_.resize(plan_.steps.size());
    return true;
  }
  if (event == "committed") state_ = State::committed;
  if (event == "rolled-back") state_ = State::rolled_back;
  return event == "committed" || event == "rolled-back" || take_step(record, event);
}

std::optional<Journal::Reading> Journal::read(std::string_view text) {
  Reading reading{.journal = Journal()};
  Journal& journal = reading.journal;
  while (reading.sound_bytes < text.size()) {
    const std::size_t end = text.find('\n', reading.sound_bytes);
    if (end == std::string_view::npos) break;
    const auto record =
        parse_record(text.substr(reading.sound_bytes, end - reading.sound_bytes), journal.next_);
    if (!record || !journal.take_record(*record)) {
      if (end + 1 == text.size()) break;
      throw Failure(Exit::temporary,
                    "unable to read journal: line " + std::to_string(journal.next_ + 1) + " is damaged");
    }
    ++journal.next_;
    reading.sound_bytes = end + 1;
  }
  if (journal.next_ == 0) return std::nullopt;
  return reading;
}

}  // namespace qmail::transaction
