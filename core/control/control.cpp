#include "core/control/control.h"

#include <algorithm>
#include <fcntl.h>
#include <sys/stat.h>

#include "core/base/failure.h"
#include "core/base/text.h"

namespace qmail {
namespace {

/// No control file of ours is larger; what is, was not meant to be one.
constexpr std::size_t longest_file = std::size_t{1} << 30;

}  // namespace

std::string control_line(std::string_view text) {
  return std::string(trim_end(text.substr(0, text.find('\n'))));
}

std::vector<ControlLine> numbered_control_lines(std::string_view text) {
  std::vector<ControlLine> lines;
  std::size_t number = 0;
  for (const std::string_view raw : split(text, '\n')) {
    ++number;
    const std::string_view line = trim_end(raw);
    if (!line.empty() && line.front() != '#') lines.push_back({number, std::string(line)});
  }
  return lines;
}

std::vector<std::string> control_lines(std::string_view text) {
  std::vector<std::string> lines;
  for (ControlLine& line : numbered_control_lines(text)) lines.push_back(std::move(line.text));
  return lines;
}

std::string to_text(const Control::Complaint& complaint) {
  const std::string where = complaint.line == 0 ? "" : ": line " + std::to_string(complaint.line);
  return "control/" + complaint.name + where + ": " + complaint.text;
}

void Control::begin() const {
  if (asked_.empty()) stamp_ = FileStamp::of(directory_.get());
}

bool Control::has(const std::string& name) const {
  begin();
  // No more to remember: a name that comes or goes changes the directory.
  asked_.push_back({.name = name, .is_by_name = true});
  struct stat entry;
  return ::fstatat(directory_.get(), name.c_str(), &entry, AT_SYMLINK_NOFOLLOW) == 0;
}

void Control::read_names() const {
  // Before the names: what comes later then shows as a change.
  begin();
  names_ = directory_.try_names();
  if (names_) std::sort(names_->begin(), names_->end());
}

bool Control::is_known_absent(const std::string& name) const {
  return names_ && name.find('/') == std::string::npos &&
         !std::binary_search(names_->begin(), names_->end(), name);
}

std::optional<Fd> Control::open(const std::string& name) const {
  begin();
  auto file = is_known_absent(name) ? std::nullopt : directory_.find_file(name);
  const auto is_same = [&](const Asked& asked) { return asked.name == name && !asked.is_by_name; };
  if (std::none_of(asked_.begin(), asked_.end(), is_same)) {
    struct stat entry;
    asked_.push_back(
        {.name = name,
         .stamp = file ? FileStamp::of(file->get()) : std::nullopt,
         .is_link_to_nothing = !file && !is_known_absent(name) &&
                               ::fstatat(directory_.get(), name.c_str(), &entry, AT_SYMLINK_NOFOLLOW) == 0});
  }
  return file;
}

std::optional<std::string> Control::bytes(const std::string& name) const {
  const auto file = open(name);
  if (!file) return std::nullopt;
  auto text = read_all(file->get(), longest_file, directory_.path_of(name));
  if (!text)
    throw Failure(Exit::temporary, "unable to read " + directory_.path_of(name) + ": file too large");
  return text;
}

std::optional<MappedFile> Control::map(const std::string& name) const {
  const auto file = open(name);
  if (!file) return std::nullopt;
  auto mapped = MappedFile::map(*file);
  if (!mapped) throw Failure::system("read " + directory_.path_of(name));
  return mapped;
}

std::optional<std::string> Control::line(const std::string& name) const {
  const auto text = bytes(name);
  return text ? std::optional(control_line(*text)) : std::nullopt;
}

std::optional<std::string> Control::line_or_me(const std::string& name) const {
  auto found = line(name);
  return found ? found : line("me");
}

std::uint64_t Control::number(const std::string& name, std::uint64_t otherwise) const {
  const auto text = line(name);
  if (!text) return otherwise;
  std::string_view rest = *text;
  return take_number<std::uint64_t>(rest).value_or(otherwise);
}

int Control::timeout(const std::string& name, std::uint64_t otherwise) const {
  constexpr std::uint64_t longest = 2'000'000;
  return static_cast<int>(std::min(number(name, otherwise), longest));
}

std::optional<std::vector<std::string>> Control::lines(const std::string& name) const {
  const auto text = bytes(name);
  return text ? std::optional(control_lines(*text)) : std::nullopt;
}

std::optional<std::vector<ControlLine>> Control::numbered_lines(const std::string& name) const {
  const auto text = bytes(name);
  return text ? std::optional(numbered_control_lines(*text)) : std::nullopt;
}

std::optional<std::vector<std::string>> Control::lines_or_me(const std::string& name) const {
  if (auto found = lines(name)) return found;
  const auto me = line("me");
  return me ? std::optional(std::vector{*me}) : std::nullopt;
}

}  // namespace qmail
