// What qmail-send and its spawners say to each other: requests to deliver one message, and reports of what
// came of it. docs/internals/spawn-protocol.md.
// Numbers are two bytes, the low one first, where stock has one: up to 65535 deliveries at a time.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qmail::queue {

/// Which of the deliveries under way: chosen by qmail-send, free again after the report.
using Slot = std::uint16_t;
inline constexpr std::size_t most_slots = 65535;
/// Of one request to qmail-rspawn.
inline constexpr std::size_t most_recipients = 1000;

/// One transaction to make. Strings hold no NUL.
struct DeliveryRequest {
  Slot slot = 0;
  /// "19/457": the name of its file below mess; or "+19/457": a descriptor of it comes along (see
  /// core/base/fd_passing.h), in the order of the requests that have one.
  std::string message = {};
  std::string sender = {};
  std::vector<std::string> recipients = {};  ///< none of them empty; more than one only for qmail-rspawn
  /// A string, or the list, was too long to keep; nothing but `slot` and `message` counts then.
  bool overlong = false;
};

/// True if a descriptor comes with a request for this message.
inline bool is_passed(std::string_view message) { return message.starts_with('+'); }

/// What came of it: for each recipient, in their order, K, Z or D and a text, which holds no NUL.
struct DeliveryReport {
  Slot slot = 0;
  std::vector<std::string> texts = {};
};

/// The first bytes a spawner writes: how many deliveries it can have under way.
std::string announcement(Slot limit);
std::optional<Slot> parse_announcement(std::string_view bytes);
inline constexpr std::size_t announcement_bytes = 2;

std::string request_bytes(const DeliveryRequest& request);
/// An empty text, which would end the list, becomes one that is no report.
std::string report_bytes(const DeliveryReport& report);

/// Puts together a slot number, `fixed` strings and a list of strings that an empty one ends, each ended by
/// NUL, which arrive in pieces of any size. Of each string at most `limit` bytes are kept, of all together a
/// megabyte or so.
class RecordReader {
 public:
  RecordReader(std::size_t fixed, std::size_t limit) : fixed_(fixed), limit_(limit) {}

  /// Takes the front of `in`; true when that completed a record, which is then valid until the next call.
  bool take(std::string_view& in);
  Slot slot() const { return slot_; }
  /// The fixed strings and then the list.
  std::vector<std::string>& texts() { return texts_; }
  /// Something of it was not kept.
  bool is_cut() const { return is_cut_; }

 private:
  void start();
  void keep(std::string_view bytes);
  bool end_text();  ///< true: that was the empty one

  std::size_t fixed_, limit_;
  std::size_t number_bytes_ = 0;  ///< of the slot number taken so far
  std::size_t kept_ = 0;          ///< memory taken by texts_
  bool is_complete_ = false;
  bool is_cut_ = false;
  Slot slot_ = 0;
  std::string text_;  ///< the one that is arriving
  std::vector<std::string> texts_;
};

/// For the spawners.
class RequestReader {
 public:
  /// The next request completed by the front of `in`, which is taken off; none when all of `in` is taken.
  std::optional<DeliveryRequest> take(std::string_view& in);

 private:
  /// Far beyond any address that fits in an envelope, with a virtualdomains prefix and VERP added.
  static constexpr std::size_t longest_text = 16384;
  RecordReader record_{2, longest_text};
};

/// For qmail-send.
class ReportReader {
 public:
  /// The same for reports; a longer text is cut off. "From a security point of view" the spawners are not
  /// trusted to be brief.
  std::optional<DeliveryReport> take(std::string_view& in);

 private:
  static constexpr std::size_t longest_text = 10000;
  RecordReader record_{0, longest_text};
};

}  // namespace qmail::queue
