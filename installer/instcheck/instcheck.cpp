#include "installer/instcheck/instcheck.h"

#include "core/base/io.h"
#include "core/base/program.h"
#include "installer/facts/differences.h"

namespace qmail {
namespace {

using hier::Entry;

struct Wanted {
  std::string root = "/";
  bool queue_only = false;
};

Wanted parse_arguments(const std::vector<std::string>& args) {
  Wanted wanted;
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (args[i] == "queue-only") {
      wanted.queue_only = true;
    } else if (args[i] == "--root" && i + 1 < args.size()) {
      wanted.root = args[++i];
    } else {
      throw UsageError();
    }
  }
  return wanted;
}

}  // namespace

int instcheck(const std::vector<std::string>& args, int err) {
  const Wanted wanted = parse_arguments(args);
  std::vector<Entry> manifest = hier::read_manifest();
  if (wanted.queue_only) std::erase_if(manifest, [](const Entry& entry) { return !entry.queue; });
  const transaction::Tree tree(wanted.root);
  const auto differences = facts::find_differences(manifest, tree, transaction::read_accounts(tree));
  Writer out(err);
  for (const facts::Difference& difference : differences)
    out.put("instcheck: warning: ").put(difference.label).put(" ").put(difference.how).put("\n");
  out.flush_or_throw("standard error");
  return differences.empty() ? 0 : static_cast<int>(Exit::permanent);
}

}  // namespace qmail
