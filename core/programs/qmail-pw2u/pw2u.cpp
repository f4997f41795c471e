#include "core/programs/qmail-pw2u/pw2u.h"

#include <algorithm>
#include <map>
#include <optional>
#include <sys/stat.h>

#include "core/base/failure.h"
#include "core/base/io.h"
#include "core/base/options.h"
#include "core/base/program.h"
#include "core/base/text.h"
#include "core/control/control.h"
#include "core/control/lookup.h"
#include "core/programs/qmail-pw2u/accounts.h"

namespace qmail::pw2u {
namespace {

constexpr const char* alias_user = "alias";

bool has_upper_case(std::string_view name) {
  return std::any_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// The text being made, and what making it needs to remember.
class Maker {
 public:
  Maker(const Directory& home, const Choices& choices);
  void account(std::string_view line);
  void subuser(std::string_view line);
  void append(std::string_view text) { assign_.append(text); }
  bool seen_alias() const { return seen_alias_; }
  std::string finish() { return std::move(assign_) + ".\n"; }

 private:
  bool is_wanted(const Account& account) const;
  bool owns_home(const Account& account) const;
  /// "=name" for the name itself and "+name-" for its extensions. `dash` and `ext` are those of the first
  /// line, the second has `choices_.dash` and `wild_ext`.
  void assign(std::string_view name, const std::string& owner, std::string_view dash, std::string_view ext,
              std::string_view wild_ext);

  const Directory& home_;
  const Choices& choices_;
  std::optional<NoCaseMap> include_, exclude_;
  NoCaseMap mailnames_;
  std::map<std::string, std::string> owners_;  ///< ":user:uid:gid:home:" of each user, by lower-cased name
  std::string assign_;
  bool seen_alias_ = false;
};

std::optional<NoCaseMap> read_set(const Control& control, const std::string& name) {
  const auto lines = control.lines(name);
  return lines ? std::optional(NoCaseMap::of_lines(*lines)) : std::nullopt;
}

Maker::Maker(const Directory& home, const Choices& choices) : home_(home), choices_(choices) {
  const Control control(home.sub("."));
  include_ = read_set(control, "users/include");
  exclude_ = read_set(control, "users/exclude");
  if (const auto lines = control.lines("users/mailnames")) mailnames_ = NoCaseMap::of_pairs(*lines);
}

bool Maker::owns_home(const Account& account) const {
  struct stat status {};
  const std::string path(account.home);
  if (::fstatat(home_.get(), path.c_str(), &status, 0) == 0) return status.st_uid == account.uid;
  if (errno == ENOENT && choices_.homes == Choices::Homes::skip_missing) return false;
  throw Failure::system("stat " + path);
}

bool Maker::is_wanted(const Account& account) const {
  if (account.uid == 0) return false;
  if (!choices_.takes_upper_case && has_upper_case(account.user)) return false;
  if (include_ && !include_->contains(account.user)) return false;
  if (exclude_ && exclude_->contains(account.user)) return false;
  return choices_.homes == Choices::Homes::any || owns_home(account);
}

void Maker::assign(std::string_view name, const std::string& owner, std::string_view dash,
                   std::string_view ext, std::string_view wild_ext) {
  const auto line = [&](std::string_view start, std::string_view its_dash, std::string_view its_ext) {
    assign_.append(start).append(owner).append(its_dash).append(":").append(its_ext).append(":\n");
  };
  line("=" + std::string(name), dash, ext);
  if (!choices_.user_break.empty())
    line("+" + std::string(name) + choices_.user_break, choices_.dash, wild_ext);
}

void Maker::account(std::string_view line) {
  const auto account = parse_account(line);
  if (!account || !is_wanted(*account)) return;
  std::string owner;
  for (const std::string_view field : {account->user, account->uid_text, account->gid_text, account->home})
    owner.append(":").append(field);
  owner += ':';
  if (account->user == alias_user) {
    append("+" + owner + std::string(choices_.dash) + "::\n");
    seen_alias_ = true;
  }
  const std::string names(mailnames_.find(account->user).value_or(account->user));
  for (const std::string_view name : split(names, ':'))
    if (!name.empty()) assign(name, owner, "", "", "");
  owners_[lower(account->user)] = std::move(owner);
}

void Maker::subuser(std::string_view line) {
  const auto fields = split(line, ':');
  if (fields.size() < 3) return;
  const auto owner = owners_.find(lower(fields[1]));
  if (owner == owners_.end())
    throw Failure(Exit::temporary, "unable to find " + std::string(fields[1]) + " user for subuser");
  if (fields.size() < 4) return;
  const std::string_view ext = fields[2];
  assign(fields[0], owner->second, choices_.dash, ext, std::string(ext) + "-");
}

}  // namespace

Choices parse_choices(const std::vector<std::string>& args) {
  Choices choices;
  Options options(args, "/ohHuUc:C");
  while (const auto option = options.next()) switch (*option) {
      case '/': choices.dash = "-/"; break;
      case 'o': choices.homes = Choices::Homes::skip_missing; break;
      case 'h': choices.homes = Choices::Homes::must_exist; break;
      case 'H': choices.homes = Choices::Homes::any; break;
      case 'u': choices.takes_upper_case = true; break;
      case 'U': choices.takes_upper_case = false; break;
      case 'c': choices.user_break = options.value().substr(0, 1); break;
      case 'C': choices.user_break.clear(); break;
      default: throw UsageError(Exit::permanent, options.problem());
    }
  return choices;
}

std::string make_assign(int in, const Directory& home, const Choices& choices) {
  Maker maker(home, choices);
  Reader passwd(in);
  std::string line;
  while (passwd.line(line) || !line.empty()) maker.account(line);
  if (passwd.stopped() == Stop::failed) throw Failure::system("read input", passwd.error());
  if (!maker.seen_alias()) throw Failure(Exit::temporary, "unable to find alias user");
  const Control control(home.sub("."));
  if (const auto subusers = control.bytes("users/subusers"))
    for (const std::string_view subuser : split(*subusers, '\n')) maker.subuser(subuser);
  if (const auto append = control.bytes("users/append")) maker.append(*append);
  return maker.finish();
}

}  // namespace qmail::pw2u
