#include "core/queue/timeout_records.h"

#include <algorithm>
#include <array>

namespace qmail::queue {
namespace {

constexpr unsigned most_timeouts = 10;
constexpr std::int64_t repeat_seconds = 120;

/// Where one family's records are, and how they are laid out.
struct Section {
  std::size_t start, end;
  std::size_t record_size;
  std::size_t count_at, time_at;
};
constexpr Section v4_section{0, timeouts_size, 16, 4, 8};
constexpr Section v6_section{timeouts_size, longest_timeouts_size, 32, 16, 20};

const Section& section_of(const Ip& ip) { return ip.is_v4() ? v4_section : v6_section; }

unsigned byte_at(std::string_view record, std::size_t at) { return static_cast<unsigned char>(record[at]); }

Timeout decode(std::string_view record, const Section& section) {
  std::array<std::uint8_t, 16> bytes{};
  std::copy_n(record.begin(), section.count_at, bytes.begin());
  Timeout timeout{
      .ip = &section == &v6_section ? Ip::v6(bytes) : Ip::v4({bytes[0], bytes[1], bytes[2], bytes[3]}),
      .count = byte_at(record, section.count_at)};
  for (std::size_t i = 4; i-- > 0;) timeout.at = timeout.at << 8 | byte_at(record, section.time_at + i);
  return timeout;
}

std::string encode(const Timeout& timeout) {
  const Section& section = section_of(timeout.ip);
  const auto& address = timeout.ip.bytes();
  std::string record(address.end() - static_cast<std::ptrdiff_t>(section.count_at), address.end());
  record.resize(section.record_size);
  record[section.count_at] = static_cast<char>(timeout.count);
  for (std::size_t i = 0; i < 4; ++i)
    record[section.time_at + i] = static_cast<char>(timeout.at >> 8 * i & 0xff);
  return record;
}

/// The offsets of the whole records of `section`.
std::vector<std::size_t> offsets(std::string_view bytes, const Section& section) {
  std::vector<std::size_t> found;
  const std::size_t end = std::min(bytes.size(), section.end);
  for (std::size_t at = section.start; at + section.record_size <= end; at += section.record_size)
    found.push_back(at);
  return found;
}

Timeout read_at(std::string_view bytes, const Section& section, std::size_t at) {
  return decode(bytes.substr(at, section.record_size), section);
}

std::optional<std::size_t> place_of(std::string_view bytes, const Ip& ip) {
  const Section& section = section_of(ip);
  for (const std::size_t at : offsets(bytes, section))
    if (read_at(bytes, section, at).ip == ip) return at;
  return std::nullopt;
}

/// Where a host that is not listed goes.
std::optional<std::size_t> free_place(std::string_view bytes, const Section& section) {
  const auto all = offsets(bytes, section);
  for (const std::size_t at : all)
    if (read_at(bytes, section, at).count == 0) return at;
  const std::size_t next = section.start + all.size() * section.record_size;
  if (&section == &v6_section && bytes.size() >= section.start && next < section.end) return next;
  // Each timeout weighs as much as having happened a quarter of an hour later.
  const auto weight = [&](std::size_t at) {
    const Timeout timeout = read_at(bytes, section, at);
    return std::int64_t{timeout.at} + (std::int64_t{timeout.count} << 10);
  };
  const auto lightest = std::min_element(all.begin(), all.end(),
                                         [&](std::size_t a, std::size_t b) { return weight(a) < weight(b); });
  return lightest == all.end() ? std::nullopt : std::optional(*lightest);
}

}  // namespace

std::vector<Timeout> list_timeouts(std::string_view bytes) {
  std::vector<Timeout> listed;
  for (const Section* section : {&v4_section, &v6_section})
    for (const std::size_t at : offsets(bytes, *section))
      if (const Timeout timeout = read_at(bytes, *section, at); timeout.count > 0) listed.push_back(timeout);
  return listed;
}

std::optional<Timeout> find_timeout(std::string_view bytes, const Ip& ip) {
  const auto place = place_of(bytes, ip);
  return place ? std::optional(read_at(bytes, section_of(ip), *place)) : std::nullopt;
}

std::optional<RecordChange> note_timeout(std::string_view bytes, const Ip& ip, std::int64_t now) {
  Timeout timeout{.ip = ip};
  auto place = place_of(bytes, ip);
  if (place) timeout = read_at(bytes, section_of(ip), *place);
  if (timeout.count > 0 && now < repeat_seconds + timeout.at) return std::nullopt;
  if (!place) place = free_place(bytes, section_of(ip));
  if (!place) return std::nullopt;
  timeout.count = std::min(timeout.count + 1, most_timeouts);
  timeout.at = static_cast<std::uint32_t>(now);
  return RecordChange{*place, encode(timeout)};
}

std::optional<RecordChange> note_answer(std::string_view bytes, const Ip& ip) {
  const auto place = place_of(bytes, ip);
  if (!place) return std::nullopt;
  Timeout timeout = read_at(bytes, section_of(ip), *place);
  timeout.count = 0;
  return RecordChange{*place, encode(timeout)};
}

}  // namespace qmail::queue
