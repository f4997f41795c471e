#include "core/programs/qmail-inject/settings.h"

#include <initializer_list>

#include "core/base/failure.h"

namespace qmail::inject {
namespace {

std::optional<std::string> find_first(const Environment& environment,
                                      std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names)
    if (const auto value = environment.find(name)) return std::string(*value);
  return std::nullopt;
}

/// A control file that a variable overrides; without either, control/me or the file's own name.
std::string host_setting(const Environment& environment, std::string_view variable, const Control& control,
                         const std::string& file) {
  std::string host = control.line_or_me(file).value_or(file);
  if (const auto value = environment.find(variable)) host = *value;
  return host;
}

std::optional<NoCaseMap> read_mailing_lists(const Environment& environment) {
  const auto name = environment.find("QMAILMFTFILE");
  if (!name) return std::nullopt;
  // A relative name counts from the author's working directory.
  const Control here(Directory::open("."));
  const auto lines = here.lines(std::string(*name));
  return lines ? std::optional(NoCaseMap::of_lines(*lines)) : std::nullopt;
}

}  // namespace

Author Author::from(const Environment& environment) {
  Author author;
  author.user = find_first(environment, {"QMAILUSER", "MAILUSER", "USER", "LOGNAME"}).value_or("anonymous");
  author.host = find_first(environment, {"QMAILHOST", "MAILHOST"});
  author.name = find_first(environment, {"QMAILNAME", "MAILNAME", "NAME"});
  author.sender_user = find_first(environment, {"QMAILSUSER"}).value_or(author.user);
  author.sender_host = find_first(environment, {"QMAILSHOST"});
  if (!author.sender_host) author.sender_host = author.host;
  return author;
}

Settings read_settings(const Environment& environment, const Control& control, std::int64_t now, pid_t pid) {
  auto mailing_lists = read_mailing_lists(environment);
  const auto host = [&](std::string_view variable, const std::string& file) {
    return host_setting(environment, variable, control, file);
  };
  return {.wishes = {std::string(environment.get("QMAILINJECT"))},
          .author = Author::from(environment),
          .completion = header::Completion(host("QMAILDEFAULTHOST", "defaulthost"),
                                           host("QMAILDEFAULTDOMAIN", "defaultdomain"),
                                           host("QMAILPLUSDOMAIN", "plusdomain")),
          .id_host = host("QMAILIDHOST", "idhost"),
          .mailing_lists = std::move(mailing_lists),
          .now = now,
          .pid = pid};
}

}  // namespace qmail::inject
