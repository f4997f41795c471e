#include "installer/qmail-check/check_control.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/control/rcpthosts.h"
#include "core/smtp/route.h"
#include "installer/qmail-check/control_files.h"

namespace qmail::check {
namespace {

using dialogue::Text;

std::string path_of(const Control& control, std::string_view name) {
  return control.directory().path_of(std::string(name));
}

/// The domains that a line of virtualdomains takes; empty for one that takes users or is an exception.
std::string virtual_domain(std::string_view line) {
  const std::string_view domain = line.substr(0, line.find(':'));
  return domain.find('@') == std::string_view::npos ? lower(domain) : std::string();
}

std::vector<std::string> virtual_domains(const Control& control) {
  std::vector<std::string> domains;
  for (const std::string& line : control.lines("virtualdomains").value_or(std::vector<std::string>()))
    if (std::string domain = virtual_domain(line); !domain.empty()) domains.push_back(std::move(domain));
  return domains;
}

std::vector<std::string> local_domains(const Control& control) {
  auto domains = control.lines_or_me("locals").value_or(std::vector<std::string>());
  for (std::string& domain : domains) domain = lower(domain);
  return domains;
}

void check_host_name(const Control& control, Findings& findings) {
  const auto me = control.line("me");
  if (!me || me->empty()) {
    findings.error("C10", path_of(control, "me"), {Text::check_no_me});
  } else if (me->find('.') == std::string::npos) {
    findings.warning("C11", path_of(control, "me"), {Text::check_short_me, {*me}});
  }
}

/// A domain that mail is delivered for, but not taken for by SMTP.
void check_is_taken(const Control& control, const std::vector<std::string>& domains, const char* file,
                    Findings& findings) {
  const auto hosts = RcptHosts::find(control);
  if (!hosts) return;
  for (const std::string& domain : domains)
    if (domain.find('.') != std::string::npos && !domain.starts_with('.') && !hosts->allows("x@" + domain))
      findings.warning("C16", path_of(control, file), {Text::check_not_taken, {domain}});
}

bool is_number(std::string_view text) { return !text.empty() && text.front() >= '0' && text.front() <= '9'; }

void check_routes(const Control& control, Findings& findings) {
  const auto lines = control.numbered_lines("smtproutes");
  if (!lines) return;
  for (const ControlLine& line : *lines) {
    const std::size_t colon = line.text.find(':');
    const bool is_route = colon != std::string::npos &&
                          smtpc::parse_route(std::string_view(line.text).substr(colon + 1)).has_value();
    // Never more of the line than its host: a password may stand behind it.
    if (!is_route)
      findings.error("C19", path_of(control, "smtproutes"),
                     {Text::check_no_route, {std::to_string(line.number), line.text.substr(0, colon)}});
  }
}

bool is_for_somebody(std::string_view name) {
  constexpr std::string_view database = ".cdb";
  if (name.ends_with(database)) name.remove_suffix(database.size());
  const auto files = control_files();
  return std::any_of(files.begin(), files.end(), [&](const ControlFile& file) {
    return file.name == name || file.name == std::string(name).append(database);
  });
}

}  // namespace

void check_names(const Control& control, Findings& findings) {
  check_host_name(control, findings);
  const auto locals = local_domains(control);
  const auto virtuals = virtual_domains(control);
  if (!control.lines("rcpthosts"))
    findings.warning("C12", path_of(control, "rcpthosts"), {Text::check_no_rcpthosts});
  for (const std::string& domain : virtuals)
    if (std::find(locals.begin(), locals.end(), domain) != locals.end())
      findings.error("C15", path_of(control, "virtualdomains"), {Text::check_in_both, {domain}});
  check_is_taken(control, locals, "locals", findings);
  check_is_taken(control, virtuals, "virtualdomains", findings);
}

void check_forms(const Control& control, Findings& findings) {
  for (const ControlFile& file : control_files()) {
    if (file.kind != "Number") continue;
    const auto text = control.line(std::string(file.name));
    if (text && !is_number(*text))
      findings.error("C13", path_of(control, file.name), {Text::check_no_number, {*text}});
  }
  check_routes(control, findings);
  auto names = control.directory().names();
  std::sort(names.begin(), names.end());
  for (const std::string& name : names)
    if (!is_for_somebody(name)) findings.warning("C14", path_of(control, name), {Text::check_for_nobody});
}

void check_features(const Control& control, const Readers& readers, Findings& findings) {
  smtpd::configure_all(readers.server, control);
  smtpc::configure_all(readers.client, {control, Environment()});
  for (const Control::Complaint& complaint : control.complaints())
    findings.error("C21", path_of(control, complaint.name), {Text::check_complaint, {to_text(complaint)}});
}

}  // namespace qmail::check
