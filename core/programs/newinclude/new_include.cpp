#include "core/programs/newinclude/new_include.h"

#include "core/base/failure.h"
#include "core/base/io.h"
#include "core/base/publish.h"
#include "core/format/alias_line.h"
#include "core/format/forward_command.h"

namespace qmail {
namespace {

bool has(std::string_view text, char c) { return text.find(c) != std::string_view::npos; }

[[noreturn]] void refuse(const std::string& why) { throw Failure(Exit::temporary, why); }

void refuse_bytes(std::string_view text, const std::string& where) {
  if (has(text, '\n')) refuse("newlines not permitted in " + where);
  if (has(text, '\0')) refuse("NUL not permitted in " + where);
}

std::string list_command(const std::string& file) {
  if (file.empty()) refuse("empty :include: filenames not permitted");
  refuse_bytes(file, ":include: filenames");
  return (file.front() == '.' || file.front() == '/' ? "" : "./") + file + '\0';
}

std::string recipient_command(const AliasItem& item, const DefaultHosts& hosts) {
  if (item.text.empty()) return "";
  if (!item.has_at && item.text.front() == '/') refuse("file delivery " + item.text + " not supported");
  if (!item.has_at && item.text.front() == '|') refuse("program delivery " + item.text + " not supported");
  const std::string address = hosts.complete(item.has_at ? item.text : item.text + "@" + hosts.host);
  refuse_bytes(address, "recipient addresses");
  if (address.size() > longest_forward_address) refuse("addresses must be under 800 bytes");
  if (address.ends_with(' ') || address.ends_with('\t'))
    refuse("spaces and tabs not permitted at ends of addresses");
  return "&" + address + '\0';
}

}  // namespace

std::string include_line(std::string_view line, const DefaultHosts& hosts) {
  if (line.starts_with('#')) return "";
  const auto items = parse_alias_line(line);
  if (!items) refuse("unable to parse this line: " + std::string(line));
  std::string commands;
  for (const AliasItem& item : *items)
    commands +=
        item.kind == AliasItem::Kind::include ? list_command(item.text) : recipient_command(item, hosts);
  return commands;
}

void new_include(const Control& control, const std::string& list) {
  const DefaultHosts hosts = DefaultHosts::from(control);
  const auto file = find_regular_file(list);
  if (!file) throw Failure::system("read " + list, ENOENT);
  Reader lines(file->get());
  std::string commands, line;
  bool ended = false;
  while (!ended) {
    ended = !lines.line(line);
    commands += include_line(line, hosts);
  }
  if (lines.stopped() == Stop::failed) throw Failure::system("read " + list, lines.error());
  Replacement(list + ".bin", list + ".tmp", 0644).finish(commands);
}

}  // namespace qmail
