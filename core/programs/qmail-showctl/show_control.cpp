#include "core/programs/qmail-showctl/show_control.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <initializer_list>
#include <sys/stat.h>
#include <vector>

#include "core/base/io.h"
#include "core/base/text.h"
#include "core/control/control.h"
#include "core/programs/qmail-showctl/control_text.h"
#include "core/queue/layout.h"
#include "core/users/ids.h"

namespace qmail::showctl {
namespace {

constexpr std::string_view trouble = "Oops! Trouble reading this file.\n";
constexpr std::string_view by_default = "(Default.) ";

/// Nothing in a control file is to reach a terminal as a control sequence.
std::string printable(std::string_view text) {
  std::string safe(text);
  std::replace_if(
      safe.begin(), safe.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return safe;
}

std::string numbers(std::initializer_list<std::uint64_t> values) {
  std::string text;
  for (const std::uint64_t value : values)
    text.append(text.empty() ? "" : ", ").append(std::to_string(value));
  return text;
}

enum class State { absent, unreadable, read };

struct File {
  State state;
  std::string bytes = "";
};

/// Trouble with one file must not keep us from describing the others, so this throws nothing.
File look_at(const Directory& control, std::string_view name) {
  const Fd fd = control.try_file(std::string(name));
  if (!fd) return {errno == ENOENT ? State::absent : State::unreadable};
  File file{State::read};
  Reader reader(fd.get());
  for (std::string_view bytes = reader.peek(); !bytes.empty(); bytes = reader.peek()) {
    file.bytes += bytes;
    reader.take(bytes.size());
  }
  if (reader.stopped() == Stop::failed) file.state = State::unreadable;
  return file;
}

class Report {
 public:
  explicit Report(const Directory& control)
      : control_(control), me_(look_at(control, "me")), rcpthosts_(look_at(control, "rcpthosts")) {}

  std::string describe(const ControlText& text) const {
    return "\n" + std::string(text.name) + ": " + describe_content(text);
  }

 private:
  std::string describe_content(const ControlText& text) const;
  std::string describe_line(const ControlText& text, const File& file) const;
  std::string describe_number(const ControlText& text, const File& file) const;
  std::string describe_list(const ControlText& text, const File& file) const;
  std::string describe_more_hosts(const ControlText& text, const File& file) const;
  std::string describe_database(const ControlText& text) const;

  const Directory& control_;
  File me_;
  File rcpthosts_;
};

std::string Report::describe_content(const ControlText& text) const {
  if (text.form == Form::database) return describe_database(text);
  const File file = look_at(control_, text.name);
  if (file.state == State::unreadable) return std::string(trouble);
  switch (text.form) {
    case Form::number: return describe_number(text, file);
    case Form::list: return describe_list(text, file);
    case Form::more_hosts: return describe_more_hosts(text, file);
    default: return describe_line(text, file);
  }
}

std::string Report::describe_line(const ControlText& text, const File& file) const {
  const bool is_absent = file.state == State::absent;
  std::string value = is_absent ? std::string(text.otherwise) : control_line(file.bytes);
  if (is_absent && text.form == Form::line_or_me && me_.state == State::read) value = control_line(me_.bytes);
  return std::string(is_absent ? by_default : "").append(text.before) + printable(value) + ".\n";
}

std::string Report::describe_number(const ControlText& text, const File& file) const {
  const std::string line = control_line(file.bytes);
  std::string_view digits = line;
  const auto number = take_number<std::uint64_t>(digits);
  const std::string value = number ? std::to_string(*number) : std::string(text.otherwise);
  return std::string(number ? "" : by_default).append(text.before).append(value).append(text.after) + ".\n";
}

std::string Report::describe_list(const ControlText& text, const File& file) const {
  if (file.state == State::absent) return std::string(by_default).append(text.otherwise) + "\n";
  std::string list = "\n";
  for (const std::string& line : control_lines(file.bytes))
    list.append(text.before).append(printable(line)).append(text.after) += '\n';
  return list;
}

std::string Report::describe_more_hosts(const ControlText& text, const File& file) const {
  if (rcpthosts_.state != State::absent) return describe_list(text, file);
  ControlText idle = text;
  idle.otherwise = "No rcpthosts; morercpthosts is irrelevant.";
  idle.before = "No rcpthosts; doesn't matter that morercpthosts has ";
  return describe_list(idle, file);
}

std::string Report::describe_database(const ControlText& text) const {
  const std::string name(text.name);
  const std::string source_name = name.substr(0, name.rfind('.'));
  struct stat source {};
  struct stat database {};
  const bool has_source = ::fstatat(control_.get(), source_name.c_str(), &source, 0) == 0;
  const bool has_database = ::fstatat(control_.get(), name.c_str(), &database, 0) == 0;
  if (!has_source && !has_database) return std::string(by_default).append(text.otherwise) + "\n";
  if (!has_source) return "Oops! " + name + " exists but " + source_name + " doesn't.\n";
  if (!has_database) return "Oops! " + source_name + " exists but " + name + " doesn't.\n";
  if (source.st_mtime > database.st_mtime) return "Oops! " + name + " is older than " + source_name + ".\n";
  return "Modified recently enough; hopefully up to date.\n";
}

bool is_known(std::string_view name) {
  return std::any_of(control_texts.begin(), control_texts.end(),
                     [&](const ControlText& text) { return text.name == name; });
}

/// The features that read this file.
std::string readers_of(const std::string& file, std::span<const FeatureText> features) {
  std::string names;
  for (const FeatureText& feature : features)
    if (feature.reads(file)) names.append(names.empty() ? "" : ", ").append(feature.name);
  return names;
}

std::string describe_unknown(const std::string& name, std::span<const FeatureText> features) {
  const std::string readers = readers_of(name, features);
  const std::string meaning =
      readers.empty() ? "I have no idea what this file does." : "Read by feature " + readers + ".";
  return "\n" + printable(name) + ": " + meaning + "\n";
}

/// Only features that have a control file of their own here: the others change nothing, here as elsewhere.
std::string describe_features(const std::vector<std::string>& files, std::span<const FeatureText> features) {
  std::string lines;
  for (const FeatureText& feature : features) {
    const auto is_read = [&](const std::string& file) { return feature.reads(file) && !is_known(file); };
    if (std::any_of(files.begin(), files.end(), is_read))
      lines.append(feature.name).append(" (").append(feature.programs).append(")\n");
  }
  return lines.empty() ? "" : "\nfeatures with control files here:\n" + lines;
}

}  // namespace

std::string describe_installation(const Directory& home) {
  const users::Ids ids = users::read_ids(home);
  // These lines are read by programs, too: what is no longer a build-time choice keeps its place.
  return "qmail home directory: " + home.label() + ".\n" + "user-ext delimiter: -.\n" +
         "paternalism (in decimal): " + numbers({S_IWOTH}) + ".\n" + "silent concurrency limit: none.\n" +
         "subdirectory split: " + numbers({queue::split}) + ".\n" + "user ids: " +
         numbers({ids.alias.uid, ids.qmaild.uid, ids.qmaill.uid, 0, ids.qmailp.uid, ids.qmailq.uid,
                  ids.qmailr.uid, ids.qmails.uid}) +
         ".\n" + "group ids: " + numbers({ids.nofiles(), ids.qmail()}) + ".\n";
}

std::string describe_control(const Directory& control, std::span<const FeatureText> features) {
  const Report report(control);
  std::string text;
  for (const ControlText& known : control_texts) text += report.describe(known);
  std::vector<std::string> names = control.names();
  std::sort(names.begin(), names.end());
  for (const std::string& name : names)
    if (!is_known(name)) text += describe_unknown(name, features);
  return text + describe_features(names, features);
}

}  // namespace qmail::showctl
