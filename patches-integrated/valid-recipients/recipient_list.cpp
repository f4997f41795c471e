#include "patches-integrated/valid-recipients/recipient_list.h"

#include <algorithm>

#include "core/base/failure.h"
#include "core/base/text.h"
#include "core/format/address.h"
#include "core/format/cdb.h"

namespace qmail::features {
namespace {

constexpr const char* lines_name = "validrcptto";

/// The expression of a line "/expression/"; none if it is another kind of line.
std::optional<std::string_view> expression_in(std::string_view line) {
  if (!line.starts_with('/')) return std::nullopt;
  line.remove_prefix(1);
  if (line.ends_with('/')) line.remove_suffix(1);
  return line;
}

std::string cut_short(const Control& control, const std::string& name) {
  return "unable to read " + control.directory().path_of(name) + ": cut short";
}

}  // namespace

std::optional<RecipientList> RecipientList::read(const Control& control) {
  RecipientList list;
  for (const char* name : {"validrcptto.cdb", "morevalidrcptto.cdb"}) {
    auto database = control.map(name);
    if (!database) continue;
    if (!CdbView(database->bytes()).is_whole()) throw Failure(Exit::temporary, cut_short(control, name));
    list.databases_.push_back(std::move(*database));
  }
  const auto lines = control.numbered_lines(lines_name);
  if (!lines && list.databases_.empty()) return std::nullopt;
  std::vector<std::string> plain;
  std::vector<Pattern> valid, invalid;
  for (const auto& [number, line] : lines.value_or(std::vector<ControlLine>())) {
    const bool is_negative = line.starts_with('-');
    const auto expression = expression_in(std::string_view(line).substr(is_negative ? 1 : 0));
    if (!expression) {
      plain.push_back(line);
      continue;
    }
    auto parsed = Pattern::parse(*expression);
    if (auto* pattern = std::get_if<Pattern>(&parsed)) {
      (is_negative ? invalid : valid).push_back(std::move(*pattern));
      continue;
    }
    list.is_right_ = false;
    control.complain({lines_name, number,
                      "left out, and unknown recipients get 451 meanwhile: it has " +
                          std::string(std::get<Pattern::Problem>(parsed))});
  }
  list.lines_ = NoCaseMap::of_lines(plain);
  list.valid_ = PatternList(std::move(valid));
  list.invalid_ = PatternList(std::move(invalid));
  return list;
}

bool RecipientList::has(std::string_view key) const {
  return lines_.contains(key) ||
         std::any_of(databases_.begin(), databases_.end(),
                     [&](const MappedFile& file) { return CdbView(file.bytes()).find(key).has_value(); });
}

/// user-default stands for all extensions of user-, as in the names of .qmail files.
bool RecipientList::has_extension(std::string_view local, std::string_view at_host) const {
  for (std::size_t size = local.size(); size > 0; --size)
    if (local[size - 1] == '-' && has(std::string(local.substr(0, size)).append("default").append(at_host)))
      return true;
  return false;
}

RecipientList::Says RecipientList::of(std::string_view address) const {
  const std::string key = lower(address);
  const AddressParts parts = divide(key);
  // What starts so is the negative of an address, and does not name one.
  if (!key.starts_with('-') && has(key)) return Says::valid;
  if (has("-" + key)) return Says::invalid;
  if (valid_.find(key)) return Says::valid;
  if (invalid_.find(key)) return Says::invalid;
  const std::string at_host = parts.has_host ? "@" + std::string(parts.host) : "";
  if (has_extension(parts.local, at_host)) return Says::valid;
  if (!parts.has_host) return Says::nothing;
  if (has(at_host)) return Says::valid;
  return has("-" + at_host) ? Says::invalid : Says::nothing;
}

}  // namespace qmail::features
