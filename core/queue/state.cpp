#include "core/queue/state.h"

#include <sys/stat.h>

#include "core/base/failure.h"

namespace qmail::queue {
namespace {

enum class Presence { absent, present, either };
constexpr auto no = Presence::absent;
constexpr auto yes = Presence::present;
constexpr auto any = Presence::either;

struct Rule {
  State state;
  std::array<Presence, every_part.size()> files;
};

// In the order of enum class Part.
constexpr std::array<Rule, 5> rules{{
    //                     mess intd todo info local remote bounce
    {State::none, {no, no, no, no, no, no, no}},
    {State::written, {yes, no, no, no, no, no, no}},
    {State::enveloped, {yes, yes, no, no, no, no, no}},
    {State::queued, {yes, any, yes, any, any, any, no}},
    {State::preprocessed, {yes, no, no, yes, any, any, any}},
}};

bool obeys(const Files& files, const Rule& rule) {
  for (const Part part : every_part) {
    const Presence wanted = rule.files.at(static_cast<std::size_t>(part));
    if (wanted != any && files.has(part) != (wanted == yes)) return false;
  }
  return true;
}

}  // namespace

std::optional<State> classify(const Files& files) {
  for (const Rule& rule : rules)
    if (obeys(files, rule)) return rule.state;
  return std::nullopt;
}

Files files_of(const Layout& queue, Number number) {
  Files files;
  for (const Part part : every_part) {
    const std::string name = name_of(part, number);
    struct stat status {};
    if (::fstatat(queue.fd(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) {
      files.set(part);
    } else if (errno != ENOENT) {
      throw Failure::system("find " + queue.directory().path_of(name));
    }
  }
  return files;
}

}  // namespace qmail::queue
