#include "core/queue/delivery_protocol.h"

#include <algorithm>
#include <utility>

namespace qmail::queue {
namespace {

constexpr std::size_t slot_bytes = 2;
constexpr std::size_t most_kept = std::size_t{1} << 20;
constexpr std::string_view no_report = "?";

void append_slot(std::string& bytes, Slot slot) {
  bytes += static_cast<char>(slot & 0xff);
  bytes += static_cast<char>(slot >> 8);
}

void append_text(std::string& bytes, std::string_view text) {
  bytes.append(text.substr(0, text.find('\0')));
  bytes += '\0';
}

}  // namespace

std::string announcement(Slot limit) {
  std::string bytes;
  append_slot(bytes, limit);
  return bytes;
}

std::optional<Slot> parse_announcement(std::string_view bytes) {
  if (bytes.size() != announcement_bytes) return std::nullopt;
  const auto low = static_cast<unsigned char>(bytes[0]);
  const auto high = static_cast<unsigned char>(bytes[1]);
  return static_cast<Slot>(low | high << 8);
}

std::string request_bytes(const DeliveryRequest& request) {
  std::string bytes;
  append_slot(bytes, request.slot);
  append_text(bytes, request.message);
  append_text(bytes, request.sender);
  for (const std::string& recipient : request.recipients) append_text(bytes, recipient);
  bytes += '\0';
  return bytes;
}

std::string report_bytes(const DeliveryReport& report) {
  std::string bytes;
  append_slot(bytes, report.slot);
  for (const std::string& text : report.texts)
    append_text(bytes, text.empty() || text.front() == '\0' ? no_report : std::string_view(text));
  bytes += '\0';
  return bytes;
}

void RecordReader::start() {
  is_complete_ = is_cut_ = false;
  number_bytes_ = kept_ = 0;
  slot_ = 0;
  texts_.clear();
}

void RecordReader::keep(std::string_view bytes) {
  const std::size_t room = limit_ - text_.size();
  if (bytes.size() > room) is_cut_ = true;
  text_.append(bytes.substr(0, room));
}

bool RecordReader::end_text() {
  if (texts_.size() >= fixed_ && text_.empty()) return true;
  if (kept_ > most_kept) {
    is_cut_ = true;
    text_.clear();
    return false;
  }
  kept_ += text_.size() + sizeof text_;
  texts_.push_back(std::exchange(text_, {}));
  return false;
}

bool RecordReader::take(std::string_view& in) {
  if (is_complete_) start();
  while (!in.empty()) {
    if (number_bytes_ < slot_bytes) {
      const auto byte = static_cast<unsigned char>(in.front());
      slot_ = static_cast<Slot>(slot_ | byte << (8 * number_bytes_++));
      in.remove_prefix(1);
      continue;
    }
    const std::size_t end = in.find('\0');
    keep(in.substr(0, end));
    in.remove_prefix(end == std::string_view::npos ? in.size() : end + 1);
    if (end == std::string_view::npos || !end_text()) continue;
    is_complete_ = true;
    return true;
  }
  return false;
}

std::optional<DeliveryRequest> RequestReader::take(std::string_view& in) {
  if (!record_.take(in)) return std::nullopt;
  std::vector<std::string>& texts = record_.texts();
  DeliveryRequest request{.slot = record_.slot(),
                          .message = std::move(texts[0]),
                          .sender = std::move(texts[1]),
                          .overlong = record_.is_cut()};
  texts.erase(texts.begin(), texts.begin() + 2);
  request.recipients = std::exchange(texts, {});
  return request;
}

std::optional<DeliveryReport> ReportReader::take(std::string_view& in) {
  if (!record_.take(in)) return std::nullopt;
  return DeliveryReport{.slot = record_.slot(), .texts = std::exchange(record_.texts(), {})};
}

}  // namespace qmail::queue
