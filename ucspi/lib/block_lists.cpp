#include "ucspi/lib/block_lists.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "core/base/options.h"
#include "core/base/program.h"
#include "core/base/text.h"
#include "core/format/ip.h"

namespace qmail::ucspi {
namespace {

constexpr std::string_view address_mark = "%IP%";

BlockList parse_list(const std::string& text, const BlockList& flags) {
  BlockList list = flags;
  const std::size_t colon = text.find(':');
  list.base = text.substr(0, colon);
  if (colon != std::string::npos) list.message = text.substr(colon + 1);
  return list;
}

std::string fill_in(std::string_view message, std::string_view remote_ip) {
  std::string text;
  for (std::size_t mark = 0; (mark = message.find(address_mark)) != std::string_view::npos;) {
    text.append(message.substr(0, mark)).append(remote_ip);
    message.remove_prefix(mark + address_mark.size());
  }
  return text.append(message);
}

/// What a list has to say of an address that it lists. Nothing to say is as good as no listing, as in stock.
std::string text_of(const BlockList& list, std::string_view remote_ip, const dns::Lookup& lookup) {
  if (lookup.records.empty()) return "";
  if (list.message) return fill_in(*list.message, remote_ip);
  std::string text;
  for (const dns::Record& record : lookup.records) text += record.text;
  return text;
}

/// The number at the beginning of `text`; anything else is 0, as in stock.
unsigned take_seconds(std::string_view text) {
  constexpr std::uint64_t most = std::numeric_limits<unsigned>::max();
  return static_cast<unsigned>(std::min(take_number<std::uint64_t>(text).value_or(0), most));
}

}  // namespace

BlockOptions BlockOptions::parse(const std::vector<std::string>& args) {
  BlockOptions options;
  BlockList flags;
  Options letters(args, "bBcCt:r:a:");
  while (const auto letter = letters.next()) {
    switch (*letter) {
      case 'b': flags.bounces = true; break;
      case 'B': flags.bounces = false; break;
      case 'c': flags.fails_closed = true; break;
      case 'C': flags.fails_closed = false; break;
      case 't': options.timeout_seconds = take_seconds(letters.value()); break;
      case 'r': options.lists.push_back(parse_list(letters.value(), flags)); break;
      case 'a':
        options.lists.push_back(flags);
        options.lists.back().base = letters.value();
        options.lists.back().allows = true;
        break;
      default: throw UsageError(Exit::permanent, letters.problem());
    }
  }
  options.program = letters.rest();
  if (options.program.empty()) throw UsageError();
  return options;
}

std::optional<Verdict> verdict_of(const Environment& environment) {
  const auto words = environment.find("RBLSMTPD");
  if (!words) return std::nullopt;
  if (words->empty()) return Verdict{};
  const bool is_permanent = words->starts_with('-');
  return Verdict{.is_refused = true,
                 .is_permanent = is_permanent,
                 .text = std::string(words->substr(is_permanent ? 1 : 0))};
}

std::string listed_labels(std::string_view remote_ip) {
  const auto ip = Ip::parse(remote_ip);
  if (ip) return dns::reverse_labels(*ip);
  // Whatever else it may be: the pieces between its dots, as stock has it.
  std::string labels;
  const auto pieces = split(remote_ip, '.');
  if (!remote_ip.empty())
    for (std::size_t at = pieces.size(); at-- > 0;) labels.append(pieces[at]).append(".");
  return labels;
}

std::optional<Verdict> judge(const std::vector<BlockList>& lists, std::string_view remote_ip,
                             const std::vector<std::optional<dns::Lookup>>& lookups) {
  bool has_failed = false;  // then nobody is refused for good
  for (std::size_t at = 0; at < lists.size(); ++at) {
    const BlockList& list = lists[at];
    if (!lookups[at]) return std::nullopt;
    if (lookups[at]->outcome == dns::Outcome::failed) {
      has_failed = true;
      if (list.allows && !list.fails_closed) return Verdict{};
      if (!list.allows && list.fails_closed)
        return Verdict{.is_refused = true, .text = "temporary RBL lookup error"};
      continue;
    }
    if (list.allows && !lookups[at]->records.empty()) return Verdict{};
    std::string text = list.allows ? "" : text_of(list, remote_ip, *lookups[at]);
    if (!text.empty())
      return Verdict{
          .is_refused = true, .is_permanent = list.bounces && !has_failed, .text = std::move(text)};
  }
  return Verdict{};
}

Verdict ask_lists(const std::vector<BlockList>& lists, std::string_view remote_ip, dns::Asker& asker) {
  const std::string labels = listed_labels(remote_ip);
  std::vector<dns::Question> questions;
  for (const BlockList& list : lists)
    questions.push_back({labels + list.base, list.allows || list.message ? dns::Type::a : dns::Type::txt});
  std::vector<std::optional<dns::Lookup>> lookups(lists.size());
  std::optional<Verdict> verdict = judge(lists, remote_ip, lookups);
  if (verdict) return *verdict;
  asker.ask(questions, [&](std::size_t which, const dns::Lookup& lookup) {
    lookups[which] = lookup;
    verdict = judge(lists, remote_ip, lookups);
    return !verdict;
  });
  return verdict.value_or(Verdict{});
}

}  // namespace qmail::ucspi
