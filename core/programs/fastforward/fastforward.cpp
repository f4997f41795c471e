#include "core/programs/fastforward/fastforward.h"

#include <signal.h>
#include <sys/stat.h>

#include "core/base/io.h"
#include "core/base/map.h"
#include "core/base/options.h"
#include "core/base/signals.h"
#include "core/base/spawn.h"
#include "core/programs/fastforward/expansion.h"
#include "core/queue/forward.h"

namespace qmail {
namespace {

constexpr int handled = 99;  // qmail-local then leaves the rest of the .qmail file alone
constexpr mode_t world_readable = 0444;

struct Wishes {
  bool deliver = true;
  bool pass_through = false;
  bool use_default = false;
  std::string database;
};

Wishes read_wishes(const std::vector<std::string>& args) {
  Wishes wishes;
  Options options(args, "nNpPdD");
  while (const auto option = options.next()) {
    switch (*option) {
      case 'n':
      case 'N': wishes.deliver = *option == 'N'; break;
      case 'p':
      case 'P': wishes.pass_through = *option == 'p'; break;
      case 'd':
      case 'D': wishes.use_default = *option == 'd'; break;
      default: throw UsageError(Exit::permanent, options.problem());
    }
  }
  const std::vector<std::string> rest = options.rest();
  if (rest.empty()) throw UsageError();
  wishes.database = rest.front();
  return wishes;
}

Failure not_set(const std::string& what) { return {Exit::permanent, what + " must be set"}; }

std::string recipient_of(const Environment& environment, bool use_default) {
  if (!use_default) {
    if (const auto recipient = environment.find("RECIPIENT")) return std::string(*recipient);
    throw not_set("$RECIPIENT");
  }
  auto local = environment.find("DEFAULT");
  if (!local) local = environment.find("EXT");
  if (!local) throw not_set("$DEFAULT or $EXT");
  const auto host = environment.find("HOST");
  if (!host) throw not_set("$HOST");
  return std::string(*local) + "@" + std::string(*host);
}

MappedFile map_database(const std::string& path) {
  const auto file = find_regular_file(path);
  auto map = file ? MappedFile::map(*file) : std::nullopt;
  if (!map) throw Failure::system("read " + path, file ? errno : ENOENT);
  if (CdbView(map->bytes()).is_whole()) return std::move(*map);
  throw Failure(Exit::temporary, "unable to read " + path + ": cut short or no cdb; build it again");
}

std::string read_list(const std::string& path) {
  const auto file = find_regular_file(path);
  struct stat status {};
  if (!file) throw Failure::system("read " + path, ENOENT);
  if (::fstat(file->get(), &status) < 0) throw Failure::system("stat " + path);
  // Somebody who may write the list must not learn through it what is in a file that only we may read.
  if ((status.st_mode & world_readable) != world_readable)
    throw Failure(Exit::temporary, path + " is not world-readable");
  auto bytes = read_all(file->get(), Expansion::most_bytes, path);
  if (!bytes) throw Failure::system("read " + path, EFBIG);
  return std::move(*bytes);
}

/// As stock prints them: control characters and all beyond ASCII as '_'.
std::string printable(std::string_view text) {
  std::string safe(text);
  for (char& c : safe)
    if (const auto byte = static_cast<unsigned char>(c); byte < 32 || byte > 127) c = '_';
  return safe;
}

void tell(const Forwarding& forwarding, std::string_view sender, int err) {
  Writer out(err);
  for (const std::string& program : forwarding.programs) out.put("run " + printable(program) + "\n");
  if (forwarding.recipients.empty()) {
    out.put("no forwarding\n");
  } else {
    out.put("from <" + printable(sender) + ">\n");
    for (const std::string& recipient : forwarding.recipients) out.put("to <" + printable(recipient) + ">\n");
  }
  out.flush_or_throw("standard error");
}

/// What its exit code means: none, or what fastforward ends with.
std::optional<Exit> run(const std::string& program, const Process& self) {
  std::vector<std::string> argv{"sh", "-c", program.substr(1)};
  if (program.front() == '!') argv.insert(argv.begin(), "preline");
  const auto child = spawn({.argv = argv, .fds = {{self.in, 0}, {self.out, 1}, {self.err, 2}}});
  if (!child) throw Failure::system("run " + program);
  const int status = wait_for(*child);
  if (crashed(status)) throw Failure(Exit::temporary, "child crashed in " + program);
  const int code = exit_code(status);
  if (code == 0) return std::nullopt;
  return is_permanent_code(code) ? Exit::permanent : Exit::temporary;
}

void send(const std::vector<std::string>& recipients, std::string_view sender, const Process& self) {
  const queue::Forward what{.message = self.in,
                            .delivered_to = self.environment.get("DTLINE"),
                            .sender = sender,
                            .recipients = {recipients.begin(), recipients.end()}};
  const std::uint64_t qp = queue::forward_or_throw(what, self.home(), self.environment);
  // The message is in the queue: it must not come again because nobody reads this.
  static_cast<void>(Writer(self.err).put("fastforward: qp " + std::to_string(qp) + "\n").flush());
}

int refuse_unknown(int err) {
  Writer(err).put("Sorry, no mailbox here by that name. (#5.1.1)\n").flush_or_throw("standard error");
  return static_cast<int>(Exit::permanent);
}

}  // namespace

int fast_forward(const Process& self) {
  signals::ignore(SIGPIPE);
  const Wishes wishes = read_wishes(self.args);
  const MappedFile bytes = map_database(wishes.database);
  const CdbView database(bytes.bytes());
  const std::string recipient = recipient_of(self.environment, wishes.use_default);
  std::string sender(self.environment.get("SENDER", "original envelope sender"));
  const bool may_have_owner = !sender.empty() && sender != "#@[]";  // bounces stay bounces

  const std::function<std::string(const std::string&)> lists = read_list;
  const auto forwarding = Expansion(database, lists).expand(recipient, may_have_owner);
  if (!forwarding) return wishes.pass_through ? 0 : refuse_unknown(self.err);
  if (forwarding->owner) sender = *forwarding->owner;
  if (!wishes.deliver) {
    tell(*forwarding, sender, self.err);
    return wishes.pass_through ? handled : 0;
  }
  for (const std::string& program : forwarding->programs) {
    if (const auto code = run(program, self)) return static_cast<int>(*code);
    if (::lseek(self.in, 0, SEEK_SET) < 0) throw Failure::system("rewind input");
  }
  if (!forwarding->recipients.empty()) send(forwarding->recipients, sender, self);
  return wishes.pass_through ? handled : 0;
}

}  // namespace qmail
