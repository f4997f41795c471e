#include "ucspi/tcprulescheck/check_rules.h"

#include <algorithm>

#include "core/base/failure.h"
#include "core/base/fd.h"
#include "core/base/map.h"
#include "core/base/program.h"
#include "ucspi/lib/rules.h"
#include "ucspi/lib/rules_text.h"

namespace qmail::ucspi {
namespace {

constexpr std::size_t most_text = std::size_t{1} << 30;

std::string read_text(const std::string& path) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!file) throw Failure::system("read " + path);
  auto text = read_all(file.get(), most_text, path);
  if (!text) throw Failure(Exit::temporary, "unable to read " + path + ": too long");
  return std::move(*text);
}

struct FoundLine {
  std::size_t number;
  std::string text;
  std::string data;
};

/// The first line that stands for the record `key`: it is the one that a lookup finds.
std::optional<FoundLine> find_line(std::string_view rules, const std::string& key) {
  std::optional<FoundLine> found;
  read_rules(rules, {.rule = [&](std::size_t number, std::string_view line, const RuleRecords& records) {
               if (found || std::ranges::find(records.keys, key) == records.keys.end()) return;
               found = {number, show_line(line), records.data};
             }});
  return found;
}

/// Which line of the text decided, as far as the text is the one that the cdb was made from.
std::string name_line(const std::string& path, const CdbView& cdb, const std::optional<Rule>& rule) {
  if (!rule) return "no line decided\n";
  const auto line = find_line(read_text(path), rule->key);
  if (!line || line->data != cdb.find(rule->key))
    return "decided by no line of " + path + " as it is now: run tcprules again\n";
  return "decided by line " + std::to_string(line->number) + " of " + path + ": " + line->text + "\n";
}

std::string tell(const std::optional<Rule>& rule) {
  if (!rule) return "default:\nallow connection\n";
  const std::string head = "rule " + rule->address + ":\n";
  if (rule->instructions.deny) return head + "deny connection\n";
  std::string text = head;
  for (const auto& [name, value] : rule->instructions.variables)
    text.append("set environment variable ").append(name).append("=").append(value).append("\n");
  return text + "allow connection\n";
}

}  // namespace

Check Check::parse(const std::vector<std::string>& args) {
  if (args.empty()) throw UsageError();
  if (args.front() != "--explain") return {.cdb = args.front()};
  if (args.size() < 2 || args.size() > 3) throw UsageError();
  return {.cdb = args[1], .explain = true, .rules = args.size() > 2 ? std::optional(args[2]) : std::nullopt};
}

std::string check_rules(const Check& check, const Environment& environment) {
  const Fd file(::open(check.cdb.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  const auto mapped = file ? MappedFile::map(file) : std::nullopt;
  if (!mapped) throw Failure::system("read " + check.cdb);
  const CdbView view(mapped->bytes());
  if (!view.is_whole()) throw Failure(Exit::temporary, "unable to read " + check.cdb + ": file damaged");
  Peer client = Peer::from(environment);
  if (client.remote_ip.empty()) client.remote_ip = "0.0.0.0";
  if (!check.explain) return tell(find_rule(view, client));
  std::string looks;
  const auto rule = find_rule(view, client, [&](const std::string& address, bool found) {
    looks += "looked for " + (address.empty() ? "the empty address" : address) +
             (found ? ": found\n" : ": none\n");
  });
  return looks + (check.rules ? name_line(*check.rules, view, rule) : "") + tell(rule);
}

}  // namespace qmail::ucspi
