#include "core/programs/qmail-pop3d/maildrop.h"

#include <sys/stat.h>

#include "core/base/sys.h"

namespace qmail::pop3d {
namespace {

constexpr std::string_view fresh = "new/";
constexpr std::string_view seen = "cur/";
static_assert(fresh.size() == seen.size());

}  // namespace

std::string unique_id(std::string_view name) {
  constexpr std::string_view digits = "0123456789abcdef";
  const std::string_view unique = name.substr(0, name.find(':')).substr(fresh.size());
  if (unique.empty()) return ":";
  std::string id;
  for (const char c : unique) {
    if (c > ' ' && c <= '~') {
      id += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    id += ':';
    id += digits[byte / 16U];
    id += digits[byte % 16U];
  }
  return id;
}

Maildrop::Maildrop(Directory maildir, std::vector<mailbox::MaildirFile> files)
    : maildir_(std::move(maildir)), files_(std::move(files)), deleted_(files_.size()) {}

Maildrop Maildrop::open(Directory maildir, std::int64_t now) {
  mailbox::clean_maildir(maildir, now);
  auto files = mailbox::scan_maildir(maildir, {"new", "cur"}, now);
  return {std::move(maildir), std::move(files)};
}

std::string Maildrop::id_of(std::size_t message) const { return unique_id(files_[message].name); }

std::uint64_t Maildrop::total_bytes() const {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < size(); ++i)
    if (!is_deleted(i)) total += bytes_of(i);
  return total;
}

void Maildrop::unmark_all() { deleted_.assign(size(), false); }

std::optional<Fd> Maildrop::open_message(std::size_t message) const {
  Fd file = maildir_.try_file(files_[message].name);
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) < 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return file;
}

bool Maildrop::update() {
  bool all_removed = true;
  for (std::size_t i = 0; i < size(); ++i) {
    const std::string& name = files_[i].name;
    if (is_deleted(i)) {
      if (sys::unlink_at(maildir_.get(), name.c_str()) < 0) all_removed = false;
    } else if (name.starts_with(fresh)) {
      const std::string moved = std::string(seen) + name.substr(fresh.size()) + ":2,";
      // What cannot be moved stays where it is: it is seen there, too.
      static_cast<void>(sys::rename_at(maildir_.get(), name.c_str(), maildir_.get(), moved.c_str()));
    }
  }
  return all_removed;
}

}  // namespace qmail::pop3d
