#include "core/programs/qmail-vacation/vacation.h"

#include <array>
#include <signal.h>
#include <sys/file.h>

#include "core/base/io.h"
#include "core/base/options.h"
#include "core/base/publish.h"
#include "core/base/signals.h"
#include "core/base/sys.h"
#include "core/base/text.h"
#include "core/format/automatic_mail.h"
#include "core/format/header_field.h"
#include "core/programs/qmail-vacation/answered.h"
#include "core/programs/qmail-vacation/incoming.h"
#include "core/programs/qmail-vacation/reply.h"
#include "core/queue/notice.h"

namespace qmail::vacation {
namespace {

constexpr const char* text_file = ".vacation.msg";
constexpr const char* answered_file = ".vacation.answered";
constexpr const char* lock_file = ".vacation.lock";
constexpr std::size_t longest_text = std::size_t{1} << 20;
constexpr std::size_t longest_header = std::size_t{1} << 20;
constexpr std::int64_t day = 86400;

struct Wishes {
  bool must_be_named = true;
  std::int64_t interval = 7 * day;
  std::vector<std::string> aliases;
};

/// "3", "3d", "12h": a number of days, or of what the letter says.
std::optional<std::int64_t> parse_interval(std::string_view text) {
  const auto number = take_number<std::uint16_t>(text);
  if (!number || text.size() > 1) return std::nullopt;
  switch (text.empty() ? 'd' : text.front()) {
    case 's': return *number;
    case 'm': return *number * std::int64_t{60};
    case 'h': return *number * std::int64_t{3600};
    case 'd': return *number * day;
    case 'w': return *number * 7 * day;
    default: return std::nullopt;
  }
}

Wishes read_wishes(const std::vector<std::string>& args) {
  Wishes wishes;
  Options options(args, "ja:t:");
  while (const auto option = options.next()) {
    switch (*option) {
      case 'j': wishes.must_be_named = false; break;
      case 'a': wishes.aliases.push_back(options.value()); break;
      case 't':
        if (const auto interval = parse_interval(options.value())) {
          wishes.interval = *interval;
          break;
        }
        throw UsageError(Exit::permanent, "no interval: " + options.value());
      default: throw UsageError(Exit::permanent, options.problem());
    }
  }
  if (!options.rest().empty()) throw UsageError();
  return wishes;
}

/// Under all the names by which qmail-local knows the recipient: of a user, an extension, a virtual domain.
std::vector<std::string> own_addresses(const Environment& environment, const Wishes& wishes) {
  std::vector<std::string> own = wishes.aliases;
  own.emplace_back(environment.require("RECIPIENT", Exit::permanent));
  for (const std::string_view variable : {"LOCAL", "USER", "EXT", "DEFAULT"})
    if (const auto local = environment.find(variable); local && !local->empty())
      own.push_back(std::string(*local) + "@" + std::string(environment.get("HOST")));
  return own;
}

/// False if the header is longer than any that a person writes.
bool read_header(int fd, Incoming& incoming) {
  header::HeaderSplitter splitter([&](const std::string& field) { incoming.take(field); });
  Reader in(fd);
  std::string line;
  std::size_t size = 0;
  while (in.line(line, longest_header)) {
    size += line.size() + 1;
    if (size > longest_header) return false;
    if (!splitter.take(line + "\n")) return true;
  }
  if (in.stopped() == Stop::failed) throw Failure::system("read message", in.error());
  splitter.end();
  return true;
}

/// The memory of those who were answered, for as long as this object lives nobody else's.
class Memory {
 public:
  Memory(const Directory& folder, std::int64_t now, std::int64_t interval)
      : folder_(folder),
        lock_(sys::open_at(folder.get(), lock_file, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)) {
    if (!lock_ || ::flock(lock_.get(), LOCK_EX) < 0) throw Failure::system(std::string("lock ") + lock_file);
    const auto file = folder.find_file(answered_file);
    auto text = file ? read_all(file->get(), 2 * Answered::most_bytes, answered_file) : std::string();
    if (!text) throw Failure::system(std::string("read ") + answered_file, EFBIG);
    answered = Answered::read(*text, now, interval);
  }
  void keep() const { publish(folder_, answered_file, answered.text(), 0600); }

  Answered answered;

 private:
  const Directory& folder_;
  Fd lock_;
};

/// Before the answer is sent, so that nothing that goes wrong later can make it two. Why not, if there is
/// none to be sent.
std::string_view remember(const Directory& folder, std::string_view sender, std::int64_t now,
                          std::int64_t interval) {
  Memory memory(folder, now, interval);
  if (memory.answered.has(sender)) return "the sender has had one";
  if (!memory.answered.add(sender, now)) return "too many have had one";
  memory.keep();
  return "";
}

void forget(const Directory& folder, std::string_view sender, std::int64_t now, std::int64_t interval) {
  Memory memory(folder, now, interval);
  memory.answered.remove(sender);
  memory.keep();
}

std::string read_text(const Directory& folder) {
  const auto file = folder.find_file(text_file);
  if (!file) return std::string(default_text);
  auto text = read_all(file->get(), longest_text, text_file);
  if (!text) throw Failure::system(std::string("read ") + text_file, EFBIG);
  return std::move(*text);
}

int stay_silent(std::string_view why, const Process& self) {
  // It goes to the log of the delivery; nothing depends on it.
  static_cast<void>(Writer(self.err).put("qmail-vacation: no answer: ").put(why).put("\n").flush());
  return 0;
}

}  // namespace

int answer(const Process& self) {
  signals::ignore(SIGPIPE);
  const Wishes wishes = read_wishes(self.args);
  const std::string_view sender = self.environment.require("SENDER", Exit::permanent);
  if (const auto why = why_no_answer_to(sender); !why.empty()) return stay_silent(why, self);
  const std::vector<std::string> own = own_addresses(self.environment, wishes);
  for (const std::string& address : own)
    if (equal_nocase(address, sender)) return stay_silent("the sender is the recipient", self);
  Incoming incoming(own);
  if (!read_header(self.in, incoming)) return stay_silent("the header is too long", self);
  if (!incoming.why_not().empty()) return stay_silent(incoming.why_not(), self);
  if (wishes.must_be_named && !incoming.named()) return stay_silent("the recipient is not in To or Cc", self);

  const Directory folder = Directory::open(".");
  const std::string from = incoming.named().value_or(own.at(wishes.aliases.size()));
  const std::int64_t now = self.clock.now();
  const std::string message = compose(
      read_text(folder), incoming,
      {.from = from, .to = sender, .message_id = queue::notice_id("vacation", from, self.clock), .now = now});
  if (const auto why = remember(folder, sender, now, wishes.interval); !why.empty())
    return stay_silent(why, self);
  const std::string reply =
      queue::send_notice(message, std::array{std::string(sender)}, self.home(), self.environment);
  if (reply.empty()) return 0;
  forget(folder, sender, now, wishes.interval);
  // The message itself is delivered by other lines: an answer that nobody will ever take must not bounce it.
  if (reply.front() == 'D') return stay_silent(std::string_view(reply).substr(1), self);
  throw Failure(Exit::temporary, reply.substr(1));
}

}  // namespace qmail::vacation
