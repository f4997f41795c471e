#include "core/queue/amendments.h"

#include <algorithm>
#include <map>
#include <sys/stat.h>

#include "core/base/sys.h"
#include "core/queue/bounce_note.h"

namespace qmail::queue {
namespace {

/// Info files open at a time.
constexpr std::size_t most_open = 32;
constexpr mode_t mode_bits = 07777;

std::vector<Number> numbers_of(std::span<const Amended> messages, const std::vector<bool>& good) {
  std::vector<Number> numbers;
  for (std::size_t i = 0; i < messages.size(); ++i)
    if (good[i]) numbers.push_back(messages[i].number);
  return numbers;
}

}  // namespace

std::string administrators_report(std::string_view reason) {
  std::string report = "bounced by the administrator";
  if (!reason.empty()) report.append(": ").append(reason);
  return report + "\n";
}

bool Amendments::is_fine(const std::optional<Trouble>& trouble) {
  if (trouble) warn_(*trouble);
  return !trouble;
}

bool Amendments::fail(std::string_view what, const std::string& file) {
  warn_({what, file});
  return false;
}

template <typename Take>
bool Amendments::for_rest(const Amended& message, Channel channel, Take take) {
  const auto& running = message.channels[at(channel)].running;
  const auto list = store_.recipients(message.number, channel);
  if (!list) return errno == ENOENT || fail("unable to open", store_.list_name(message.number, channel));
  while (true) {
    const ListItem item = list->next();
    if (item.kind == ListItem::Kind::end) return true;
    if (item.kind == ListItem::Kind::unreadable)
      return fail("trouble reading", store_.list_name(message.number, channel));
    const bool runs = std::find(running.begin(), running.end(), item.position) != running.end();
    if (item.kind == ListItem::Kind::to_do && !runs && !take(item)) return false;
  }
}

/// Without a list nobody is left; one that is in use must stay until its readers are done.
bool Amendments::close_list(const Amended& message, Channel channel) {
  const auto& state = message.channels[at(channel)];
  if (!state.is_in_use) return is_fine(store_.remove_list(message.number, channel));
  const std::string name = store_.list_name(message.number, channel);
  const bool is_marked = for_rest(message, channel, [&](const ListItem& item) {
    return store_.mark_done(message.number, channel, item.position) || fail("trouble marking", name);
  });
  return is_marked && (store_.sync_list(message.number, channel) || fail("trouble fsyncing", name));
}

std::vector<bool> Amendments::close_lists(std::span<const Amended> messages, std::vector<bool> good) {
  for (std::size_t i = 0; i < messages.size(); ++i)
    for (const Channel channel : every_channel) good[i] = good[i] && close_list(messages[i], channel);
  if (!is_fine(store_.sync_removals(numbers_of(messages, good)))) good.assign(messages.size(), false);
  return good;
}

std::vector<bool> Amendments::remove(std::span<const Amended> messages) {
  std::vector<bool> good;
  for (const Amended& message : messages) good.push_back(is_fine(store_.remove_bounce(message.number)));
  return close_lists(messages, std::move(good));
}

bool Amendments::note(const Amended& message, std::string_view report) {
  std::string notes;
  for (const Channel channel : every_channel) {
    const bool is_read = for_rest(message, channel, [&](const ListItem& item) {
      notes += bounce_note(routing_.without_prefix(item.recipient), report);
      return true;
    });
    if (!is_read) return false;
  }
  std::string_view rest = notes;
  return rest.empty() || store_.append_bounce(message.number, rest) ||
         fail("trouble writing to", store_.bounce_name(message.number));
}

/// The notes are durable before the first list changes: a crash between them has the recipients noted again.
std::vector<bool> Amendments::bounce(std::span<const Amended> messages, std::string_view report) {
  std::vector<bool> good;
  for (const Amended& message : messages) good.push_back(note(message, report));
  std::vector<Number> noted = numbers_of(messages, good);
  std::erase_if(noted, [&](Number number) {
    const auto has = store_.has_bounce(number);
    return std::holds_alternative<bool>(has) && !std::get<bool>(has);
  });
  if (!store_.sync_bounces(noted)) {
    fail("trouble fsyncing", std::string(folder_of(Part::bounce)));
    return std::vector<bool>(messages.size(), false);
  }
  return close_lists(messages, std::move(good));
}

/// The info file, changed; none, and told of, if it is not.
Fd Amendments::set_held(Number number, bool held) {
  const std::string name = name_of(Part::info, number);
  Fd file = names_.layout().directory().try_file(name);
  struct stat info {};
  const bool is_changed =
      file && ::fstat(file.get(), &info) == 0 &&
      sys::fchmod(file.get(), (info.st_mode & mode_bits & ~held_bit) | (held ? held_bit : 0)) == 0;
  if (is_changed) return file;
  fail("unable to chmod", name);
  return Fd();
}

/// All are changed before the first is synced: one commit may then do for all. Where order is kept, that of
/// the last one does.
std::vector<bool> Amendments::hold(std::span<const Number> numbers, bool held) {
  std::vector<bool> good(numbers.size(), false);
  std::map<std::size_t, Fd> changed;
  const auto sync = [&] {
    for (const auto& [place, file] : changed)
      if (sys::fsync(file.get()) < 0) {
        fail("trouble fsyncing", name_of(Part::info, numbers[place]));
        if (names_.keeps_order()) good.assign(numbers.size(), false);
        good[place] = false;
      }
    changed.clear();
  };
  for (std::size_t place = 0; place < numbers.size(); ++place) {
    Fd file = set_held(numbers[place], held);
    if (!file) continue;
    good[place] = true;
    if (names_.keeps_order()) changed.clear();
    changed.emplace(place, std::move(file));
    if (changed.size() == most_open) sync();
  }
  sync();
  return good;
}

}  // namespace qmail::queue
