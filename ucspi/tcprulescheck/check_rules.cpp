#include "ucspi/tcprulescheck/check_rules.h"

#include "core/base/failure.h"
#include "core/base/fd.h"
#include "core/base/map.h"
#include "ucspi/lib/rules.h"

namespace qmail::ucspi {

std::string explain_rules(const std::string& cdb, const Environment& environment) {
  const Fd file(::open(cdb.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  const auto mapped = file ? MappedFile::map(file) : std::nullopt;
  if (!mapped) throw Failure::system("read " + cdb);
  const CdbView view(mapped->bytes());
  if (!view.is_whole()) throw Failure(Exit::temporary, "unable to read " + cdb + ": file damaged");
  Peer client = Peer::from(environment);
  if (client.remote_ip.empty()) client.remote_ip = "0.0.0.0";
  const auto rule = find_rule(view, client);
  if (!rule) return "default:\nallow connection\n";
  const std::string head = "rule " + rule->address + ":\n";
  if (rule->instructions.deny) return head + "deny connection\n";
  std::string text = head;
  for (const auto& [name, value] : rule->instructions.variables)
    text.append("set environment variable ").append(name).append("=").append(value).append("\n");
  return text + "allow connection\n";
}

}  // namespace qmail::ucspi
