// fuzzes: qmail-inject.code
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "core/base/failure.h"
#include "core/programs/qmail-inject/draft.h"

using namespace qmail::inject;

/// The first byte says whether the author wishes VERP, the rest is his message. No envelope address holds a
/// NUL: it would end the record, and what follows could pass for another recipient.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const Settings settings{.wishes = {bytes[0] % 2 == 0 ? "" : "crm"},
                          .author = Author::from({{"USER", "joe"}, {"NAME", "Joe"}}),
                          .completion = qmail::header::Completion("host", "domain", "plus"),
                          .id_host = "id",
                          .mailing_lists = qmail::NoCaseMap::of_lines({"list@host.domain"}),
                          .now = 0,
                          .pid = 1};
  Draft draft(settings, std::nullopt);
  qmail::header::HeaderSplitter splitter([&](const std::string& field) { draft.add(field); });
  std::string_view text(reinterpret_cast<const char*>(bytes + 1), size - 1);
  try {
    for (bool in_header = true; in_header && !text.empty();) {
      const std::string line = std::string(text.substr(0, text.find('\n'))) + "\n";
      in_header = splitter.take(line);
      text.remove_prefix(std::min(line.size(), text.size()));
    }
    splitter.end();
    draft.finish();
  } catch (const qmail::Failure&) {
    return 0;
  }
  if (draft.sender().find('\0') != std::string::npos) std::abort();
  for (const std::string& recipient : draft.recipients())
    if (recipient.find('\0') != std::string::npos) std::abort();
  return 0;
}
