#include "core/programs/qmail-local/together.h"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <sys/stat.h>

#include "core/base/failure.h"
#include "core/base/signals.h"
#include "core/format/dot_qmail.h"
#include "core/programs/qmail-local/qmail_local.h"

namespace qmail::local {
namespace {

constexpr const char* one_file = "did 1+0+0\n";

class Together {
 public:
  Together(const Process& self, mailbox::Shared& shared) : self_(self), shared_(shared) {}

  std::vector<users::LocalOutcome> run() {
    const auto first = self_.args.begin() + 1;
    const std::size_t count = (self_.args.size() - 1) / users::local_arguments_each;
    for (std::size_t i = 0; i < count; ++i) {
      const auto from = first + static_cast<std::ptrdiff_t>(i * users::local_arguments_each);
      items_.push_back({.message = static_cast<int>(i), .args = {from, from + users::local_arguments_each}});
    }
    each([this](Item& item) { prepare(item); });
    if (count > 1) each([](Item& item) { item.file->begin_sync(); });
    each([](Item& item) { item.file->sync(); });
    each([this](Item& item) {
      if (!item.file->give_name(shared_.names)) item.file.reset();
    });
    sync_names();
    return outcomes();
  }

 private:
  struct Item {
    int message;
    std::vector<std::string> args;
    bool is_begun = false;
    const mailbox::NewFolder* folder = nullptr;  ///< of its maildir
    std::optional<mailbox::UnnamedFile> file = std::nullopt;
    std::optional<users::LocalOutcome> failed = std::nullopt;
  };

  /// Does `step` for each delivery that still goes well and is to be made here.
  void each(const std::function<void(Item&)>& step) {
    for (Item& item : items_)
      if (!item.failed && (!item.is_begun || item.file)) attempt(item, [&] { step(item); });
  }

  void attempt(Item& item, const std::function<void()>& step) const {
    users::LocalOutcome outcome;
    const auto work = [&] {
      step();
      return 0;
    };
    const auto report = [&](const std::string& why) { outcome.output = plain_text(why); };
    const int code = run_caught(self_.name.c_str(), work, {.report = report});
    item.is_begun = true;
    if (code == 0) return;
    outcome.exit_code = code;
    item.failed = std::move(outcome);
    item.file.reset();
  }

  void prepare(Item& item) {
    const Recipient recipient = parse_arguments(item.args).recipient;
    const auto maildir = find_only_maildir(recipient, item.message, self_.err);
    if (!maildir) return;
    item.folder = open_folder(recipient.home, *maildir);
    auto file = mailbox::UnnamedFile::make(*item.folder);
    if (!file) return;
    const HeadLines lines = head_lines(recipient, self_.clock.now());
    const std::string head = lines.return_path + lines.delivered_to;
    file->write({.fd = item.message, .head = head});
    item.file = std::move(file);
  }

  const mailbox::NewFolder* open_folder(const std::string& home, const std::string& maildir) {
    const auto known = folders_.find({home, maildir});
    if (known != folders_.end()) return &known->second;
    return &folders_.emplace(std::pair(home, maildir), mailbox::open_new(maildir, shared_.ordered))
                .first->second;
  }

  void sync_names() {
    std::map<const mailbox::NewFolder*, bool> is_synced;
    for (Item& item : items_) {
      if (!item.file) continue;
      const auto [at, is_new] = is_synced.try_emplace(item.folder, false);
      if (is_new) at->second = mailbox::sync_new(*item.folder);
      if (at->second) continue;
      item.file->take_name_back();
      attempt(item, [] { throw mailbox::temporary_error(); });
    }
  }

  std::vector<users::LocalOutcome> outcomes() {
    std::vector<users::LocalOutcome> result;
    for (Item& item : items_) {
      if (item.failed)
        result.push_back(std::move(*item.failed));
      else if (item.file)
        result.push_back({.exit_code = 0, .output = one_file});
      else
        result.emplace_back();
    }
    return result;
  }

  const Process& self_;
  mailbox::Shared& shared_;
  std::map<std::pair<std::string, std::string>, mailbox::NewFolder> folders_;
  std::vector<Item> items_;
};

}  // namespace

bool is_together(const Process& self) { return !self.args.empty() && self.args.front() == users::together; }

std::vector<users::LocalOutcome> deliver_together(const Process& self, mailbox::Shared& shared) {
  if ((self.args.size() - 1) % users::local_arguments_each != 0) throw UsageError();
  ::umask(077);
  const signals::TimeLimit limit(mailbox::longest_delivery_seconds, static_cast<int>(Exit::temporary), "");
  return Together(self, shared).run();
}

}  // namespace qmail::local
