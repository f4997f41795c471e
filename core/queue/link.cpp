#include "core/queue/link.h"

#include <utility>

#include "core/format/fixed_width.h"
#include "core/queue/envelope.h"

namespace qmail::queue::link {
namespace {

// The first byte of a packet is the place of its type in the variant; the fields follow in order.

class Packer {
 public:
  explicit Packer(std::size_t type) { bytes_ += static_cast<char>(type); }
  std::string bytes() && { return std::move(bytes_); }

  void operator()(std::uint64_t value) { append_fixed(bytes_, value); }
  void operator()(std::uint32_t value) { append_fixed(bytes_, value); }
  void operator()(std::int64_t value) { append_fixed(bytes_, static_cast<std::uint64_t>(value)); }
  void operator()(char value) { bytes_ += value; }
  void operator()(bool value) { bytes_ += static_cast<char>(value); }
  /// Always the last field.
  void operator()(std::string_view value) { bytes_ += value; }

 private:
  std::string bytes_;
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view in) : in_(in) {}
  /// Every field was there, and nothing is left.
  bool is_whole() const { return whole_ && in_.empty(); }

  void operator()(std::uint64_t& value) { value = take<std::uint64_t>(); }
  void operator()(std::uint32_t& value) { value = take<std::uint32_t>(); }
  void operator()(std::int64_t& value) { value = static_cast<std::int64_t>(take<std::uint64_t>()); }
  void operator()(char& value) { value = static_cast<char>(take<unsigned char>()); }
  void operator()(bool& value) {
    const auto byte = take<unsigned char>();
    value = byte == 1;
    if (byte > 1) whole_ = false;
  }
  void operator()(std::string_view& value) { value = std::exchange(in_, {}); }

 private:
  template <typename Number>
  Number take() {
    const auto value = take_fixed<Number>(in_);
    if (!value) whole_ = false;
    return value.value_or(0);
  }

  std::string_view in_;
  bool whole_ = true;
};

// The fields of each type, in the order of the packet. `go` is a Packer or an Unpacker.

template <typename Go, typename Type>
void pass(Go& go, Type& value) requires requires {
  value.replayed;
}
{
  go(value.id), go(value.birth), go(value.qp), go(value.uid), go(value.size), go(value.replayed);
  go(value.envelope);
}

template <typename Go, typename Type>
void pass(Go& go, Type& value) requires(!requires { value.replayed; }) {
  if constexpr (requires { value.serial; }) go(value.serial);
  if constexpr (requires { value.id; }) go(value.id);
  if constexpr (requires { value.error; }) go(value.error);
  if constexpr (requires { value.index; }) go(value.index);
  if constexpr (requires { value.kind; }) go(value.kind);
  if constexpr (requires { value.text; }) go(value.text);
}

template <typename Packet>
std::string pack(const Packet& packet) {
  Packer packer(packet.index());
  std::visit([&packer](const auto& value) { pass(packer, value); }, packet);
  return std::move(packer).bytes();
}

template <typename Packet, std::size_t type = 0>
std::optional<Packet> unpack(std::string_view bytes) {
  if constexpr (type < std::variant_size_v<Packet>) {
    if (static_cast<unsigned char>(bytes.front()) != type) return unpack<Packet, type + 1>(bytes);
    std::variant_alternative_t<type, Packet> value;
    Unpacker unpacker(bytes.substr(1));
    pass(unpacker, value);
    if (unpacker.is_whole()) return Packet(value);
  }
  return std::nullopt;
}

bool is_kind(char kind) { return kind == 'K' || kind == 'D'; }

bool is_envelope(std::string_view bytes) {
  EnvelopeScan scan;
  scan.take(bytes);
  // Complete but for the zero byte at the end, which is not kept.
  return scan.status() == EnvelopeScan::Status::unfinished && bytes.ends_with('\0');
}

}  // namespace

std::uint64_t serial_of(const Order& order) {
  return std::visit([](const auto& value) { return value.serial; }, order);
}

std::string packet(const Notice& notice) { return pack(notice); }
std::string packet(const Order& order) { return pack(order); }

std::optional<Notice> parse_notice(std::string_view packet) {
  if (packet.empty() || packet.size() > longest_packet) return std::nullopt;
  auto notice = unpack<Notice>(packet);
  if (!notice) return std::nullopt;
  if (const auto* earlier = std::get_if<Earlier>(&*notice))
    if (!is_kind(earlier->kind)) return std::nullopt;
  if (const auto* found = std::get_if<New>(&*notice))
    if (!is_envelope(found->envelope)) return std::nullopt;
  return notice;
}

std::optional<Order> parse_order(std::string_view packet) {
  if (packet.empty() || packet.size() > longest_packet) return std::nullopt;
  auto order = unpack<Order>(packet);
  if (!order) return std::nullopt;
  if (const auto* outcome = std::get_if<Outcome>(&*order))
    if (!is_kind(outcome->kind)) return std::nullopt;
  return order;
}

}  // namespace qmail::queue::link
