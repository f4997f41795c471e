#include "installer/hier/manifest.h"

#include <algorithm>
#include <set>

#include "core/base/failure.h"
#include "core/base/text.h"
#include "installer/hier/manifest_text.h"

namespace qmail::hier {
namespace {

std::optional<Type> parse_type(std::string_view text) {
  for (const Type type : {Type::directory, Type::file, Type::fifo, Type::link})
    if (text.size() == 1 && text.front() == static_cast<char>(type)) return type;
  return std::nullopt;
}

/// Four octal digits, as chmod(1) takes them.
std::optional<mode_t> parse_mode(std::string_view text) {
  mode_t mode = 0;
  if (text.size() != 4) return std::nullopt;
  for (const char c : text) {
    if (c < '0' || c > '7') return std::nullopt;
    mode = mode * 8 + static_cast<mode_t>(c - '0');
  }
  return mode;
}

/// No name may leave the place it is installed in.
bool is_safe_name(std::string_view name) {
  if (name == ".") return true;
  if (name.starts_with('/')) name.remove_prefix(1);
  const auto parts = split(name, '/');
  return std::none_of(parts.begin(), parts.end(),
                      [](std::string_view part) { return part.empty() || part == "." || part == ".."; });
}

bool set_flag(Entry& entry, std::string_view flag) {
  const std::size_t at = flag.find('=');
  const std::string_view name = flag.substr(0, at);
  const std::string_view value = at == std::string_view::npos ? "" : flag.substr(at + 1);
  if (value.empty() != (at == std::string_view::npos)) return false;
  if (flag == "program") return entry.program = true;
  if (flag == "page") return entry.page = true;
  if (flag == "queue") return entry.queue = true;
  if (flag == "split") return entry.split = entry.type == Type::directory;
  if (name == "from" && !value.empty()) entry.from = value;
  if (name == "to" && entry.type == Type::link) entry.to = value;
  if (name == "zeros") entry.zeros = parse_number<std::size_t>(value);
  return entry.from || entry.to || entry.zeros;
}

Entry numbered(const Entry& parent, unsigned number) {
  Entry entry = parent;
  entry.name += "/" + std::to_string(number);
  entry.split = false;
  return entry;
}

}  // namespace

std::string Entry::path() const {
  if (name == ".") return std::string(home);
  return name.starts_with('/') ? name : std::string(home) + "/" + name;
}

std::optional<Entry> parse_entry(std::string_view line) {
  const auto fields = qmail::split(line, ':');
  if (fields.size() != 6 || fields[2].empty() || fields[3].empty()) return std::nullopt;
  const auto type = parse_type(fields[1]);
  const auto mode = parse_mode(fields[4]);
  if (!type || !mode || !is_safe_name(fields[0])) return std::nullopt;
  Entry entry{.name = std::string(fields[0]),
              .type = *type,
              .owner = std::string(fields[2]),
              .group = std::string(fields[3]),
              .mode = *mode};
  if (!fields[5].empty())
    for (const std::string_view flag : qmail::split(fields[5], ','))
      if (!set_flag(entry, flag)) return std::nullopt;
  if (entry.type == Type::link && !entry.to) return std::nullopt;
  return entry;
}

std::optional<std::vector<Entry>> parse_manifest(std::string_view text) {
  std::vector<Entry> entries;
  std::set<std::string> seen;
  for (const std::string_view line : split(text, '\n')) {
    if (line.empty() || line.starts_with('#')) continue;
    auto entry = parse_entry(line);
    if (!entry || !seen.insert(entry->name).second) return std::nullopt;
    entries.push_back(*entry);
    for (unsigned number = 0; entry->split && number < split_count; ++number)
      entries.push_back(numbered(*entry, number));
  }
  return entries;
}

std::vector<Entry> read_manifest() {
  auto entries = parse_manifest(manifest_text());
  if (!entries) throw Failure(Exit::permanent, "unable to read the manifest: a line is wrong");
  return *std::move(entries);
}

}  // namespace qmail::hier
