// What qmail-send and its spawners say to each other through a pair of pipes: requests to deliver one
// message to one recipient, and reports of what came of it. docs/internals/spawn-protocol.md.
// Numbers are two bytes, the low one first, where stock has one: up to 65535 deliveries at a time.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qmail::queue {

/// Which of the deliveries under way: chosen by qmail-send, free again after the report.
using Slot = std::uint16_t;
inline constexpr std::size_t most_slots = 65535;

/// One delivery to make. Strings hold no NUL.
struct DeliveryRequest {
  Slot slot = 0;
  std::string message = {};  ///< "19/457": the name of its file below mess
  std::string sender = {};
  std::string recipient = {};
  /// A string was too long to keep; nothing but `slot` counts then.
  bool overlong = false;
};

/// What came of it: K, Z or D and a text, which holds no NUL.
struct DeliveryReport {
  Slot slot = 0;
  std::string text = {};
};

/// The first bytes a spawner writes: how many deliveries it can have under way.
std::string announcement(Slot limit);
std::optional<Slot> parse_announcement(std::string_view bytes);
inline constexpr std::size_t announcement_bytes = 2;

std::string request_bytes(const DeliveryRequest& request);
std::string report_bytes(const DeliveryReport& report);

/// Puts together a slot number and `strings` strings, each ended by NUL, that arrive in pieces of any size.
/// Of each string at most `limit` bytes are kept.
template <std::size_t strings>
class RecordReader {
 public:
  explicit RecordReader(std::size_t limit) : limit_(limit) {}

  /// Takes the front of `in`; true when that completed a record, which is then valid until the next call.
  bool take(std::string_view& in);
  Slot slot() const { return slot_; }
  std::string& text(std::size_t at) { return texts_[at]; }
  bool cut() const { return cut_; }

 private:
  void start();
  void keep(std::string_view bytes);

  std::size_t limit_;
  std::size_t number_bytes_ = 0;  ///< of the slot number taken so far
  std::size_t at_ = 0;            ///< which string is being taken
  bool complete_ = false;
  Slot slot_ = 0;
  bool cut_ = false;
  std::array<std::string, strings> texts_;
};

/// For the spawners.
class RequestReader {
 public:
  /// The next request completed by the front of `in`, which is taken off; none when all of `in` is taken.
  std::optional<DeliveryRequest> take(std::string_view& in);

 private:
  /// Far beyond any address that fits in an envelope, with a virtualdomains prefix and VERP added.
  static constexpr std::size_t longest_text = 16384;
  RecordReader<3> record_{longest_text};
};

/// For qmail-send.
class ReportReader {
 public:
  /// The same for reports; a longer text is cut off. "From a security point of view" the spawners are not
  /// trusted to be brief.
  std::optional<DeliveryReport> take(std::string_view& in);

 private:
  static constexpr std::size_t longest_text = 10000;
  RecordReader<1> record_{longest_text};
};

}  // namespace qmail::queue
