#include "core/programs/newaliases/alias_entry.h"

#include "core/base/failure.h"
#include "core/base/text.h"
#include "core/format/alias_line.h"
#include "core/format/forward_command.h"

namespace qmail {
namespace {

/// Takes the items of an entry, the last one first: the address that comes last is the target, and each
/// before it turns out to be a recipient when the next one comes.
class EntryReader {
 public:
  EntryReader(std::size_t number, const DefaultHosts& hosts) : number_(number), hosts_(hosts) {}

  void take(const AliasItem& item) {
    if (item.kind == AliasItem::Kind::include) {
      include(item.text);
    } else {
      address(item);
    }
  }
  AliasEntry finish() { return std::move(entry_); }

 private:
  void include(const std::string& file) {
    if (file.empty()) refuse("empty :include: filenames not permitted");
    refuse_nul(file, ":include: filenames");
    add((file.front() == '.' || file.front() == '/' ? "" : "./") + file + ".bin");
  }
  void address(const AliasItem& item);
  void add(const std::string& command) { entry_.commands.append(command).append(1, '\0'); }
  void refuse_nul(std::string_view text, const std::string& where) const {
    if (text.find('\0') != std::string_view::npos) refuse("NUL not permitted in " + where);
  }
  [[noreturn]] void refuse(const std::string& why, Exit code = Exit::temporary) const {
    throw Failure(code, why + ": line " + std::to_string(number_));
  }

  std::size_t number_;
  const DefaultHosts& hosts_;
  AliasEntry entry_;
};

void EntryReader::address(const AliasItem& item) {
  if (item.text.empty()) refuse("empty recipient addresses not permitted");
  if (!item.has_at && item.text.front() == '/') refuse("file delivery " + item.text + " not supported");
  if (!item.has_at && item.text.front() == '|') {
    refuse_nul(item.text, "program names");
    return add("!" + item.text.substr(1));
  }
  if (!entry_.target.empty()) add("&" + entry_.full_target);
  entry_.target = item.has_at ? item.text : item.text + "@";
  entry_.full_target =
      hosts_.complete(entry_.target.ends_with('@') ? entry_.target + hosts_.host : entry_.target);
  if (entry_.full_target.size() > longest_forward_address)
    refuse("addresses over 800 bytes are not permitted", Exit::permanent);
  refuse_nul(entry_.full_target, "recipient addresses");
}

Failure unparsable(std::string_view text, std::size_t number) {
  return {Exit::temporary,
          "unable to parse this line: " + std::string(trim_end(text)) + ": line " + std::to_string(number)};
}

}  // namespace

std::optional<AliasEntry> parse_alias_entry(std::string_view text, std::size_t number,
                                            const DefaultHosts& hosts) {
  if (text.starts_with('#')) return std::nullopt;
  const auto items = parse_alias_line(text);
  if (!items) throw unparsable(text, number);
  EntryReader reader(number, hosts);
  for (const AliasItem& item : *items) reader.take(item);
  AliasEntry entry = reader.finish();
  if (entry.commands.empty() && entry.target.empty()) return std::nullopt;
  if (entry.commands.empty() || entry.target.empty()) throw unparsable(text, number);
  return entry;
}

}  // namespace qmail
