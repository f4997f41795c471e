#include "core/format/cdb.h"

#include <numeric>
#include <utility>

namespace qmail {
namespace {

constexpr std::uint64_t header_size = 2048;

std::uint32_t hash_of(std::string_view key) {
  std::uint32_t hash = 5381;
  for (const char c : key) hash = (hash + (hash << 5)) ^ static_cast<unsigned char>(c);
  return hash;
}

std::uint32_t unpack(std::string_view four) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(four[i]);
  return value;
}

void pack(std::string& out, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i, value >>= 8) out[at + i] = static_cast<char>(value & 0xff);
}

void append(std::string& out, std::uint32_t value) {
  out.append(4, '\0');
  pack(out, out.size() - 4, value);
}

/// The slots of a table being filled. A million records with one key take no longer than others: whoever
/// looks for a free slot passes over a whole run of taken ones.
class FreeSlots {
 public:
  explicit FreeSlots(std::uint32_t count) : next_(count) { std::iota(next_.begin(), next_.end(), 0U); }

  /// Takes the first free slot from `from` on, round the end; there must be one.
  std::uint32_t take(std::uint32_t from) {
    std::uint32_t at = from;
    while (next_[at] != at) {
      next_[at] = next_[next_[at]];  // halves the way for those who come after
      at = next_[at];
    }
    next_[at] = at + 1 == next_.size() ? 0 : at + 1;
    return at;
  }

 private:
  std::vector<std::uint32_t> next_;  ///< of a taken slot one that is nearer to the next free one
};

}  // namespace

std::optional<std::string_view> CdbView::bytes_at(std::uint64_t position, std::uint64_t count) const {
  if (position > bytes_.size() || bytes_.size() - position < count) return std::nullopt;
  return bytes_.substr(static_cast<std::size_t>(position), static_cast<std::size_t>(count));
}

std::optional<std::uint32_t> CdbView::number_at(std::uint64_t position) const {
  const auto four = bytes_at(position, 4);
  return four ? std::optional(unpack(*four)) : std::nullopt;
}

bool CdbView::is_whole() const {
  for (std::uint64_t at = 0; at < header_size; at += 8) {
    const auto table = number_at(at);
    const auto slots = number_at(at + 4);
    if (!table || !slots || !bytes_at(*table, 8 * std::uint64_t{*slots})) return false;
  }
  return true;
}

std::optional<std::string_view> CdbView::find(std::string_view key) const {
  const std::uint32_t hash = hash_of(key);
  const auto table = number_at(8 * (hash & 255));
  const auto slots = number_at(8 * (hash & 255) + 4);
  if (!table || !slots || *slots == 0) return std::nullopt;
  std::uint32_t slot = (hash >> 8) % *slots;
  for (std::uint32_t tried = 0; tried < *slots; ++tried, slot = slot + 1 == *slots ? 0 : slot + 1) {
    const auto found_hash = number_at(std::uint64_t{*table} + 8 * std::uint64_t{slot});
    const auto position = number_at(std::uint64_t{*table} + 8 * std::uint64_t{slot} + 4);
    if (!found_hash || !position || *position == 0) return std::nullopt;
    if (*found_hash != hash) continue;
    const auto key_size = number_at(*position);
    const auto data_size = number_at(std::uint64_t{*position} + 4);
    if (!key_size || !data_size) return std::nullopt;
    if (bytes_at(std::uint64_t{*position} + 8, *key_size) == key)
      return bytes_at(std::uint64_t{*position} + 8 + *key_size, *data_size);
  }
  return std::nullopt;
}

void CdbView::each(const std::function<bool(std::string_view, std::string_view)>& visit) const {
  const auto end = number_at(0);  // the first hash table follows the last record
  std::uint64_t position = header_size;
  while (end && position < *end) {
    const auto key_size = number_at(position);
    const auto data_size = number_at(position + 4);
    if (!key_size || !data_size) return;
    const auto key = bytes_at(position + 8, *key_size);
    const auto data = bytes_at(position + 8 + *key_size, *data_size);
    if (!key || !data || !visit(*key, *data)) return;
    position += 8 + std::uint64_t{*key_size} + *data_size;
  }
}

bool CdbBuilder::add(std::string_view key, std::string_view data) {
  // Room for this record and for the two slots of every record, itself included.
  if (std::uint64_t{body_.size()} + 8 + key.size() + data.size() + 16 * (count_ + 1) > 0xffffffff)
    return false;
  ++count_;
  const std::uint32_t hash = hash_of(key);
  tables_[hash & 255].push_back({hash, static_cast<std::uint32_t>(body_.size())});
  append(body_, static_cast<std::uint32_t>(key.size()));
  append(body_, static_cast<std::uint32_t>(data.size()));
  body_.append(key).append(data);
  return true;
}

std::string CdbBuilder::finish() {
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    const auto count = static_cast<std::uint32_t>(tables_[i].size() * 2);
    pack(body_, 8 * i, static_cast<std::uint32_t>(body_.size()));
    pack(body_, 8 * i + 4, count);
    std::vector<Slot> slots(count, Slot{0, 0});
    FreeSlots free(count);
    for (const Slot& record : tables_[i]) slots[free.take((record.hash >> 8) % count)] = record;
    for (const Slot& slot : slots) {
      append(body_, slot.hash);
      append(body_, slot.position);
    }
    tables_[i].clear();
  }
  count_ = 0;
  return std::exchange(body_, std::string(header_size, '\0'));
}

}  // namespace qmail
