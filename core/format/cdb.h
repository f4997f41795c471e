// Constant databases, as D. J. Bernstein's cdb: https://cr.yp.to/cdb/cdb.txt
// Read from bytes in memory (a mapped file); built into bytes that the caller publishes.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qmail {

/// Looks keys up in the bytes of a cdb, which it does not own. Damaged bytes give "not found" or wrong
/// data, never a read past the end: every access goes through bytes_at().
class CdbView {
 public:
  explicit CdbView(std::string_view bytes) : bytes_(bytes) {}
  /// True if every hash table lies within the bytes, so that a file cut short is told from one without the
  /// key.
  bool is_whole() const;
  /// The data of the first record with `key`.
  std::optional<std::string_view> find(std::string_view key) const;
  /// Calls `visit(key, data)` for each record in file order until it returns false.
  void each(const std::function<bool(std::string_view, std::string_view)>& visit) const;

 private:
  std::optional<std::string_view> bytes_at(std::uint64_t position, std::uint64_t count) const;
  std::optional<std::uint32_t> number_at(std::uint64_t position) const;

  std::string_view bytes_;
};

/// Collects records; finish() gives the bytes that cdbmake would write for them in the same order.
class CdbBuilder {
 public:
  CdbBuilder() : body_(2048, '\0') {}
  /// False if the file would pass 4 GB; nothing is added then.
  bool add(std::string_view key, std::string_view data);
  /// The whole file. The builder is empty afterwards.
  std::string finish();

 private:
  struct Slot {
    std::uint32_t hash;
    std::uint32_t position;
  };
  std::string body_;
  std::uint64_t count_ = 0;
  std::array<std::vector<Slot>, 256> tables_;
};

}  // namespace qmail
