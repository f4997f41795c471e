#include "core/programs/dot-forward/forward_file.h"

#include "core/base/failure.h"
#include "core/base/text.h"
#include "core/format/alias_line.h"

namespace qmail {
namespace {

[[noreturn]] void refuse(const std::string& why) { throw Failure(Exit::temporary, why); }

bool names(const AliasItem& item, const Owner& owner) {
  if (!item.has_at) return equal_nocase(item.text, owner.user);
  return equal_nocase(item.text, std::string(owner.user) + "@" + std::string(owner.host));
}

/// Up to a NUL, as the text of a command or an address always ended there.
std::string until_nul(const std::string& text) { return text.substr(0, text.find('\0')); }

void obey(const AliasItem& item, const Owner& owner, const DefaultHosts& hosts, ForwardFile& file) {
  if (item.kind == AliasItem::Kind::include)
    refuse(":include:" + item.text + " not supported: use a .qmail file");
  if (item.text.empty()) return;
  if (names(item, owner)) {
    file.is_direct = true;
  } else if (!item.has_at && item.text.front() == '/') {
    refuse("file delivery " + item.text + " not supported: use a .qmail file");
  } else if (!item.has_at && item.text.front() == '|') {
    file.actions.push_back({true, until_nul(item.text.substr(1))});
  } else {
    const std::string address = item.has_at ? item.text : item.text + "@" + hosts.host;
    file.actions.push_back({false, until_nul(hosts.complete(address))});
  }
}

}  // namespace

ForwardFile parse_forward_file(std::string_view text, const Owner& owner, const DefaultHosts& hosts) {
  ForwardFile file;
  for (const std::string_view line : split(text, '\n')) {
    if (line.starts_with('#')) continue;
    const auto items = parse_alias_line(line);
    if (!items) refuse("unable to parse this line: " + std::string(line));
    for (const AliasItem& item : *items) obey(item, owner, hosts, file);
  }
  return file;
}

}  // namespace qmail
