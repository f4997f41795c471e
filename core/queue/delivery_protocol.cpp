#include "core/queue/delivery_protocol.h"

#include <algorithm>
#include <utility>

namespace qmail::queue {
namespace {

constexpr std::size_t slot_bytes = 2;

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
  append_text(bytes, request.recipient);
  return bytes;
}

std::string report_bytes(const DeliveryReport& report) {
  std::string bytes;
  append_slot(bytes, report.slot);
  append_text(bytes, report.text);
  return bytes;
}

template <std::size_t strings>
void RecordReader<strings>::start() {
  complete_ = cut_ = false;
  number_bytes_ = at_ = 0;
  slot_ = 0;
  for (std::string& text : texts_) text.clear();
}

template <std::size_t strings>
void RecordReader<strings>::keep(std::string_view bytes) {
  const std::size_t room = limit_ - texts_[at_].size();
  if (bytes.size() > room) cut_ = true;
  texts_[at_].append(bytes.substr(0, room));
}

template <std::size_t strings>
bool RecordReader<strings>::take(std::string_view& in) {
  if (complete_) start();
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
    if (end == std::string_view::npos || ++at_ < strings) continue;
    complete_ = true;
    return true;
  }
  return false;
}

std::optional<DeliveryRequest> RequestReader::take(std::string_view& in) {
  if (!record_.take(in)) return std::nullopt;
  return DeliveryRequest{.slot = record_.slot(),
                         .message = std::move(record_.text(0)),
                         .sender = std::move(record_.text(1)),
                         .recipient = std::move(record_.text(2)),
                         .overlong = record_.cut()};
}

std::optional<DeliveryReport> ReportReader::take(std::string_view& in) {
  if (!record_.take(in)) return std::nullopt;
  return DeliveryReport{.slot = record_.slot(), .text = std::move(record_.text(0))};
}

template class RecordReader<1>;
template class RecordReader<3>;

}  // namespace qmail::queue
