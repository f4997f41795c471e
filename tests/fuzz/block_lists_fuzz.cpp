// fuzzes: rblsmtpd.code
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/format/dns_message.h"
#include "ucspi/lib/block_lists.h"
#include "ucspi/rblsmtpd/dialogue.h"

/// Whatever an address, a list's answer or $RBLSMTPD holds, a client is told one short line that can be
/// printed, and the same again if it passes through $RBLSMTPD.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace qmail::ucspi;
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const auto check = [](const Verdict& verdict) {
    const std::string line = refusal_line(verdict);
    const bool is_good = line.size() <= 204 && (line.starts_with("451 ") || line.starts_with("553 ")) &&
                         std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; });
    if (!is_good) std::abort();
    const auto words = words_of(verdict);
    if (!words) return;
    const auto again = verdict_of(qmail::Environment{{"RBLSMTPD", *words}});
    if (!again || !again->is_refused || refusal_line(*again) != line) std::abort();
  };
  qmail::dns::Lookup lookup{.outcome = qmail::dns::Outcome::found, .records = {{.owner = "", .text = text}}};
  if (const auto message = qmail::dns::parse_message(text))
    lookup.records = qmail::dns::follow(*message, qmail::dns::Type::txt).records;
  for (const BlockList& list : {BlockList{.base = "l"}, BlockList{.base = "l", .message = text}})
    if (const auto verdict = judge({list}, text, {lookup}); verdict && verdict->is_refused) check(*verdict);
  if (const auto verdict = verdict_of(qmail::Environment{{"RBLSMTPD", text}}); verdict && verdict->is_refused)
    check(*verdict);
  static_cast<void>(
      qmail::dns::build_query(1, listed_labels(text) + "list.example", qmail::dns::Type::a, true));
  return 0;
}
