#include "core/queue/admin_protocol.h"

#include <array>

#include "core/format/crc32c.h"
#include "core/format/fixed_width.h"

namespace qmail::queue::admin {
namespace {

constexpr std::array<std::string_view, operations> operation_names{"retry", "hold", "release", "delete",
                                                                   "bounce"};
constexpr std::size_t target_bytes = 8 + 8 + 4;
constexpr std::size_t head_bytes = 1 + 2;
static_assert(head_bytes + longest_reason + most_targets * target_bytes <= longest_packet);

std::optional<std::string_view> take_bytes(std::string_view& in, std::size_t count) {
  if (in.size() < count) return std::nullopt;
  const std::string_view front = in.substr(0, count);
  in.remove_prefix(count);
  return front;
}

std::optional<Target> take_target(std::string_view& in) {
  if (in.size() < target_bytes) return std::nullopt;
  const auto number = take_fixed<std::uint64_t>(in);
  const auto birth = take_fixed<std::uint64_t>(in);
  const auto sum = take_fixed<std::uint32_t>(in);
  return Target{*number, static_cast<std::int64_t>(*birth), *sum};
}

}  // namespace

std::string_view name_of(Operation operation) {
  return operation_names.at(static_cast<std::size_t>(operation));
}

std::uint32_t sum_of(std::string_view sender) { return crc32c(sender); }

std::string packet(const Request& request) {
  std::string bytes(1, static_cast<char>(request.operation));
  append_fixed(bytes, static_cast<std::uint16_t>(request.reason.size()));
  bytes += request.reason;
  for (const Target& target : request.targets) {
    append_fixed(bytes, target.number);
    append_fixed(bytes, static_cast<std::uint64_t>(target.birth));
    append_fixed(bytes, target.sender_sum);
  }
  return bytes;
}

std::string packet(const Reply& reply) {
  std::string bytes;
  for (const Result result : reply) bytes += static_cast<char>(result);
  return bytes;
}

std::optional<Request> parse_request(std::string_view packet) {
  const auto operation = take_fixed<std::uint8_t>(packet);
  const auto reason_bytes = take_fixed<std::uint16_t>(packet);
  if (!operation || *operation >= operations) return std::nullopt;
  if (!reason_bytes || *reason_bytes > longest_reason) return std::nullopt;
  const auto reason = take_bytes(packet, *reason_bytes);
  if (!reason || packet.empty() || packet.size() > most_targets * target_bytes) return std::nullopt;
  Request request{.operation = static_cast<Operation>(*operation), .reason = std::string(*reason)};
  while (!packet.empty()) {
    const auto target = take_target(packet);
    if (!target) return std::nullopt;
    request.targets.push_back(*target);
  }
  return request;
}

std::optional<Reply> parse_reply(std::string_view packet) {
  if (packet.empty() || packet.size() > most_targets) return std::nullopt;
  constexpr auto last = static_cast<unsigned char>(Result::last_result);
  Reply reply;
  for (const char byte : packet) {
    if (static_cast<unsigned char>(byte) > last) return std::nullopt;
    reply.push_back(static_cast<Result>(byte));
  }
  return reply;
}

}  // namespace qmail::queue::admin
