#include "core/programs/qmail-qctl/statistics.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "core/base/text.h"
#include "core/format/address.h"
#include "core/format/json.h"
#include "core/queue/view/text.h"

namespace qmail::qctl {
namespace {

using queue::Channel;
using queue::view::Message;
using Domain = std::pair<std::string, std::uint64_t>;

constexpr std::size_t most_domains_shown = 10;

struct Counts {
  std::uint64_t messages = 0, in_log = 0, held = 0, bouncing = 0, bytes = 0;
  std::int64_t oldest_seconds = 0;
  std::array<std::uint64_t, 2> waiting{};  ///< recipients by channel
  std::unordered_map<std::string, std::uint64_t> domains{};
};

void count(Message& message, std::int64_t now, Counts& counts) {
  const auto info = message.info();
  if (!info) return;  // it has just gone
  ++counts.messages;
  counts.in_log += message.is_in_log();
  counts.held += info->held;
  counts.bouncing += message.is_bouncing();
  counts.bytes += message.size_bytes().value_or(0);
  counts.oldest_seconds = std::max(counts.oldest_seconds, now - info->birth);
  for (const Channel channel : queue::every_channel)
    message.recipients(channel, [&](std::string_view address, bool done) {
      if (done) return;
      ++counts.waiting[at(channel)];
      ++counts.domains[lower(divide(address).host)];
    });
}

/// Those with most recipients that wait, in this order.
std::vector<Domain> first_domains(const Counts& counts) {
  std::vector<Domain> domains(counts.domains.begin(), counts.domains.end());
  std::sort(domains.begin(), domains.end(), [](const Domain& a, const Domain& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  domains.resize(std::min(domains.size(), most_domains_shown));
  return domains;
}

std::string text(const Counts& counts, std::uint64_t unprocessed) {
  const auto row = [](std::string_view what, std::uint64_t number) {
    return std::string(what) + ": " + std::to_string(number) + "\n";
  };
  std::string lines = row("messages", counts.messages) + row("in the queue log", counts.in_log) +
                      row("not yet preprocessed", unprocessed) + row("held", counts.held) +
                      row("bouncing", counts.bouncing) + row("bytes", counts.bytes) +
                      row("oldest, in seconds", static_cast<std::uint64_t>(counts.oldest_seconds)) +
                      row("recipients waiting, local", counts.waiting[0]) +
                      row("recipients waiting, remote", counts.waiting[1]);
  for (const Domain& domain : first_domains(counts))
    lines += row("  " + queue::view::printable(domain.first), domain.second);
  return lines;
}

std::string json_text(const Counts& counts, std::uint64_t unprocessed) {
  json::Array domains;
  for (const Domain& domain : first_domains(counts))
    domains.add(
        json::Object().put("domain", std::string_view(domain.first)).put("recipients", domain.second).text());
  return json::Object()
             .put("messages", counts.messages)
             .put("log", counts.in_log)
             .put("unprocessed", unprocessed)
             .put("held", counts.held)
             .put("bouncing", counts.bouncing)
             .put("bytes", counts.bytes)
             .put("oldest", counts.oldest_seconds)
             .put("local", counts.waiting[0])
             .put("remote", counts.waiting[1])
             .put_raw("domains", domains.text())
             .text() +
         "\n";
}

}  // namespace

void put_statistics(const QueueInView& view, const Command& command, Writer& out) {
  const std::uint64_t unprocessed =
      view.queue.numbers_in(std::string(queue::folder_of(queue::Part::todo))).size();
  Counts counts;
  visit_selected(view.queue, view.read_routing, command.selection, view.now,
                 [&](Message& message) { count(message, view.now, counts); });
  out.put(command.json ? json_text(counts, unprocessed) : text(counts, unprocessed));
}

}  // namespace qmail::qctl
