#include "core/programs/newaliases/new_aliases.h"

#include "core/base/failure.h"
#include "core/base/io.h"
#include "core/base/publish.h"
#include "core/format/cdb.h"
#include "core/format/forward_command.h"
#include "core/programs/newaliases/alias_entry.h"

namespace qmail {
namespace {

constexpr std::string_view owner_prefix = "owner-";

void add(CdbBuilder& builder, const std::string& key, const std::string& data) {
  if (!builder.add(key, data)) throw Failure(Exit::temporary, "unable to build cdb: over 4 GB");
}

void add_entry(CdbBuilder& builder, const AliasEntry& entry) {
  if (entry.target.starts_with(owner_prefix))
    add(builder, forward_key('?', entry.target.substr(owner_prefix.size())), entry.full_target);
  add(builder, forward_key(':', entry.target), entry.commands);
}

std::string build(Reader& lines, const DefaultHosts& hosts) {
  CdbBuilder builder;
  std::string entry, line;
  std::size_t number = 0, entry_number = 1;
  const auto end_entry = [&] {
    if (const auto parsed = parse_alias_entry(entry, entry_number, hosts)) add_entry(builder, *parsed);
    entry.clear();
  };
  bool ended = false;
  while (!ended) {
    ended = !lines.line(line);
    ++number;
    if (line.empty()) continue;
    if (line.front() != ' ' && line.front() != '\t') {
      end_entry();
      entry_number = number;
    }
    entry += line + "\n";
  }
  end_entry();
  return builder.finish();
}

}  // namespace

void new_aliases(const Control& control, const std::string& aliases) {
  const DefaultHosts hosts = DefaultHosts::from(control);
  const auto file = find_regular_file(aliases);
  if (!file) throw Failure::system("read " + aliases, ENOENT);
  Reader lines(file->get());
  const std::string bytes = build(lines, hosts);
  if (lines.stopped() == Stop::failed) throw Failure::system("read " + aliases, lines.error());
  Replacement(aliases + ".cdb", aliases + ".tmp", 0644).finish(bytes);
}

}  // namespace qmail
