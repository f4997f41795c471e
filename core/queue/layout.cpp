#include "core/queue/layout.h"

#include "core/base/sys.h"
#include "core/base/text.h"

namespace qmail::queue {
namespace {

struct Folder {
  std::string_view name;
  bool split;
};

// In the order of enum class Part.
constexpr std::array<Folder, every_part.size()> folders{{
    {"mess", true},
    {"intd", false},
    {"todo", false},
    {"info", true},
    {"local", true},
    {"remote", true},
    {"bounce", false},
}};

const Folder& describe(Part part) { return folders.at(static_cast<std::size_t>(part)); }

}  // namespace

std::string_view folder_of(Part part) { return describe(part).name; }
bool is_split(Part part) { return describe(part).split; }

std::string split_name(Number number) {
  return std::to_string(number % split) + "/" + std::to_string(number);
}

std::string name_of(Part part, Number number) {
  const std::string below = is_split(part) ? split_name(number) : std::to_string(number);
  return std::string(folder_of(part)) + "/" + below;
}

std::string folder_of(Part part, Number number) {
  const std::string folder(folder_of(part));
  return is_split(part) ? folder + "/" + std::to_string(number % split) : folder;
}

std::vector<std::string> folders_of(Part part) {
  if (!is_split(part)) return {std::string(folder_of(part))};
  std::vector<std::string> result;
  for (Number remainder = 0; remainder < split; ++remainder) result.push_back(folder_of(part, remainder));
  return result;
}

std::string pid_name(pid_t pid, std::int64_t start, unsigned attempt) {
  return std::string(pid_folder) + "/" + std::to_string(pid) + "." + std::to_string(start) + "." +
         std::to_string(attempt);
}

std::string segment_name(std::uint32_t segment) {
  return std::string(segment_folder) + "/" + std::to_string(segment);
}

std::string spare_name(Number number) { return std::string(spare_folder) + "/" + std::to_string(number); }

std::optional<Number> parse_message_number(std::string_view name) {
  const auto number = parse_number<Number>(name);
  // "0457" would be found in a folder and then not under its own name.
  if (!number || std::to_string(*number) != name) return std::nullopt;
  return number;
}

Layout Layout::open(const Directory& home) { return Layout(home.sub(queue_folder)); }

std::vector<Number> Layout::numbers_in(const std::string& folder) const {
  std::vector<Number> result;
  for (const std::string& name : queue_.sub(folder).names())
    if (const auto number = parse_message_number(name)) result.push_back(*number);
  return result;
}

int Layout::sync(const std::string& folder) const {
  const Fd opened(::openat(fd(), folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return opened ? sys::fsync(opened.get()) : -1;
}

}  // namespace qmail::queue
