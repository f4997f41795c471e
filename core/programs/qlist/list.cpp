#include "core/programs/qlist/list.h"

#include <algorithm>
#include <sys/file.h>
#include <sys/stat.h>

#include "core/base/failure.h"
#include "core/base/publish.h"
#include "core/base/random.h"
#include "core/base/sys.h"
#include "core/base/text.h"
#include "core/format/address.h"
#include "core/format/automatic_mail.h"

namespace qmail::qlist {
namespace {

constexpr std::size_t longest_address = 100;  // as in the classic program
constexpr std::size_t longest_list = std::size_t{1} << 24;
constexpr std::size_t key_bytes = 32;
constexpr mode_t forward_only = 0100;  // dot-qmail(5): then nothing but addresses counts

constexpr std::string_view letters_and_digits =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

bool is_made_of(std::string_view text, std::string_view more) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return letters_and_digits.find(c) != std::string_view::npos || more.find(c) != std::string_view::npos;
  });
}

std::string read_file(const Fd& file, const std::string& name) {
  auto text = read_all(file.get(), longest_list, name);
  if (!text) throw Failure::system("read " + name, EFBIG);
  return std::move(*text);
}

std::string new_key() {
  std::string bytes;
  while (bytes.size() < key_bytes) {
    const std::uint32_t number = random_number();
    for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>((number >> shift) & 0xff);
  }
  return hexadecimal(bytes);
}

}  // namespace

bool may_subscribe(std::string_view address, const Settings& settings) {
  const auto [local, host, has_host] = divide(address);
  return address.size() <= longest_address && has_host && is_made_of(local, ".!#$%&'*+-/=?^_`{|}~") &&
         is_made_of(host, ".-_") && !equal_nocase(address, settings.list) &&
         !equal_nocase(address, settings.request) && why_no_answer_to(address).empty();
}

Edited edit(std::string_view text, std::string_view address, Action action) {
  Edited edited{.text = "", .was_there = false};
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.starts_with('&') && equal_nocase(trim_end(line.substr(1)), address)) {
      const bool is_second = edited.was_there;
      edited.was_there = true;
      if (is_second || action == Action::unsubscribe) continue;
    }
    edited.text.append(line).append("\n");
  }
  if (!edited.was_there && action == Action::subscribe) edited.text.append("&").append(address).append("\n");
  return edited;
}

List::List(const Settings& settings)
    : settings_(settings),
      lock_(sys::open_at(AT_FDCWD, settings.request_file.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC, 0)) {
  if (!lock_ || ::flock(lock_.get(), LOCK_EX) < 0) throw Failure::system("lock " + settings.request_file);
}

bool List::change(std::string_view address, Action action) const {
  const std::string& name = settings_.list_file;
  const auto file = find_regular_file(name);
  if (!file) throw Failure::system("read " + name, ENOENT);
  struct stat status {};
  if (::fstat(file->get(), &status) < 0) throw Failure::system("read " + name);
  const std::string old = read_file(*file, name);
  const Edited edited = edit(old, address, action);
  if (edited.text != old || (status.st_mode & forward_only) == 0)
    Replacement(name, settings_.temporary_file, (status.st_mode & 0755) | forward_only).finish(edited.text);
  return edited.was_there;
}

std::string List::key() const {
  const std::string name = settings_.temporary_file + ".key";
  if (const auto file = find_regular_file(name)) {
    const std::string key(trim_end(read_file(*file, name)));
    if (key.size() >= 2 * key_bytes) return key;
    throw Failure(Exit::temporary,
                  "unable to use " + name + ": it is too short; without it, a new one is made");
  }
  const std::string key = new_key();
  Replacement(name, settings_.temporary_file, 0600).finish(key + "\n");
  return key;
}

}  // namespace qmail::qlist
