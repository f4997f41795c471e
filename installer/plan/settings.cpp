#include "installer/plan/settings.h"

#include <algorithm>

#include "core/format/cdb.h"

namespace qmail::plan {
namespace {

const char* const control = "/var/qmail/control/";

std::string lines(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += item + "\n";
  return text;
}

/// `names` and then those of `more` that are not among them.
std::vector<std::string> joined(std::vector<std::string> names, const std::vector<std::string>& more) {
  for (const std::string& name : more)
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  return names;
}

}  // namespace

std::string default_domain(const std::string& host_name) {
  const std::size_t dot = host_name.find('.');
  const bool has_three_labels = dot != std::string::npos && host_name.find('.', dot + 1) != std::string::npos;
  return has_three_labels ? host_name.substr(dot + 1) : host_name;
}

std::string plus_domain(const std::string& host_name) {
  const std::size_t last = host_name.rfind('.');
  if (last == std::string::npos || last == 0) return host_name;
  const std::size_t before = host_name.rfind('.', last - 1);
  return before == std::string::npos ? host_name : host_name.substr(before + 1);
}

std::string first_rules() { return "127.:allow,RELAYCLIENT=\"\"\n::1:allow,RELAYCLIENT=\"\"\n:allow\n"; }

std::string compiled_first_rules() {
  const std::string relay("+RELAYCLIENT=\0", 14);
  CdbBuilder builder;
  // Three short records: the limit of a cdb is far away.
  static_cast<void>(builder.add("127.", relay) && builder.add("::1", relay) && builder.add("", ""));
  return builder.finish();
}

std::vector<Setting> first_settings(const dialogue::Answers& answers) {
  const std::string& name = answers.host_name;
  const std::string mailbox = answers.postmaster.empty() ? "./Maildir/\n" : "&" + answers.postmaster + "\n";
  std::vector<Setting> settings;
  const auto set = [&settings](const std::string& file, const std::string& content) {
    settings.push_back({control + file, content});
  };
  set("me", name + "\n");
  set("defaultdomain", default_domain(name) + "\n");
  set("plusdomain", plus_domain(name) + "\n");
  set("locals", lines(joined({name, "localhost"}, answers.domains)));
  // Always written: without it nobody is served at all.
  set("rcpthosts", lines(joined({name}, answers.domains)));
  set("defaultdelivery", "./Maildir/\n");
  set("concurrencylocal", "100\n");
  set("concurrencyremote", "1000\n");
  set("badpatterns", "badmailfrom\n");
  for (const char* user : {"postmaster", "mailer-daemon", "root"})
    settings.push_back({std::string("/var/qmail/alias/.qmail-") + user, mailbox});
  return settings;
}

}  // namespace qmail::plan
