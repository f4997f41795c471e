#include "installer/qmail-check/qmail_check.h"

#include <nlohmann/json.hpp>

#include "core/base/io.h"
#include "installer/hier/manifest.h"
#include "installer/qmail-check/check_control.h"
#include "installer/qmail-check/check_files.h"

namespace qmail::check {
namespace {

using dialogue::Language;
using dialogue::Text;

struct Wanted {
  std::string root = "/";
  bool json = false;
};

Wanted parse_arguments(const std::vector<std::string>& args) {
  Wanted wanted;
  for (std::size_t at = 0; at < args.size(); ++at) {
    if (args[at] == "--json") {
      wanted.json = true;
    } else if (args[at] == "--root" && at + 1 < args.size()) {
      wanted.root = args[++at];
    } else {
      throw UsageError(Exit::permanent, "what is \"" + args[at] + "\"?");
    }
  }
  return wanted;
}

const char* name_of(Severity severity) { return severity == Severity::error ? "error" : "warning"; }

/// One object a line, as in every --json of ours.
std::string json_line(const Finding& finding) {
  const nlohmann::json object{{"id", finding.id},
                              {"severity", name_of(finding.severity)},
                              {"subject", finding.subject},
                              {"text", say(finding.message, Language::english)}};
  return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string line(const Finding& finding, Language language) {
  const Text label = finding.severity == Severity::error ? Text::error_label : Text::warning_label;
  return say({label}, language) + " " + finding.id + ": " + finding.subject + ": " +
         say(finding.message, language);
}

Code code_for(const Findings& findings) {
  if (findings.has(Severity::error)) return Code::errors;
  return findings.has(Severity::warning) ? Code::warnings : Code::nothing_found;
}

Findings find_all(const transaction::Tree& tree, const Readers& readers) {
  Findings findings;
  check_files(tree, findings);
  const std::string folder = std::string(hier::home) + "/control";
  if (!tree.find(folder)) return findings;
  const Control control(tree.open_directory(folder));
  check_names(control, findings);
  check_forms(control, findings);
  check_databases(tree, findings);
  check_secrets(tree, findings);
  check_features(control, readers, findings);
  check_aliases(tree, findings);
  return findings;
}

}  // namespace

int check_installation(const Process& self, const Readers& readers) {
  const Wanted wanted = parse_arguments(self.args);
  const Language language = dialogue::find_language(self.environment);
  const Findings findings = find_all(transaction::Tree(wanted.root), readers);
  Writer out(self.out);
  for (const Finding& finding : findings.list())
    out.put(wanted.json ? json_line(finding) : line(finding, language)).put("\n");
  if (findings.list().empty() && !wanted.json) out.put(say({Text::check_nothing}, language)).put("\n");
  out.flush_or_throw("standard output");
  return static_cast<int>(code_for(findings));
}

}  // namespace qmail::check
