#include "core/programs/qmail-user/table.h"

#include "core/accounts/poppasswd.h"
#include "core/accounts/vida.h"
#include "core/base/text.h"

namespace qmail::user {
namespace {

namespace poppasswd = accounts::poppasswd;
namespace vida = accounts::vida;
using accounts::MailUser;

Failure unfit(const std::string& login, std::string_view why) {
  return {Exit::permanent, "unable to take " + login + ": " + std::string(why)};
}

class Poppasswd final : public Table {
 public:
  Poppasswd(std::string text, const std::string& path) : text_(std::move(text)) {
    const auto parsed = poppasswd::parse(text_);
    if (const auto* problem = std::get_if<poppasswd::Problem>(&parsed))
      throw Failure(Exit::permanent, "unable to use " + path + ", line " + std::to_string(problem->line) +
                                         ": " + problem->reason);
  }
  std::vector<MailUser> users() const override {
    return std::get<std::vector<MailUser>>(poppasswd::parse(text_));
  }
  std::optional<MailUser> find(const std::string& login) const override {
    const auto found = poppasswd::find(text_, login);
    const auto* user = std::get_if<MailUser>(&found);
    return user != nullptr ? std::optional(*user) : std::nullopt;
  }
  void put(const MailUser& user) override {
    const auto parsed = poppasswd::parse_line(poppasswd::line_of(user));
    if (const auto* reason = std::get_if<std::string>(&parsed))
      throw unfit(user.login, "in its line, " + *reason);
    text_ = poppasswd::with(text_, user);
  }
  bool remove(std::string_view login) override {
    auto rest = poppasswd::without(text_, login);
    if (rest) text_ = std::move(*rest);
    return rest.has_value();
  }
  std::string bytes() const override { return text_; }

 private:
  std::string text_;
};

class Virtual final : public Table {
 public:
  Virtual(std::string_view cdb, const std::string& path, const accounts::Account& owner) : owner_(owner) {
    auto parsed = cdb.empty() ? std::optional(vida::Users()) : vida::parse_users(cdb);
    if (!parsed)
      throw Failure(Exit::permanent, "unable to use " + path + ": it is damaged, or holds something else");
    users_ = std::move(*parsed);
  }
  std::vector<MailUser> users() const override;
  std::optional<MailUser> find(const std::string& login) const override;
  void put(const MailUser& user) override;
  bool remove(std::string_view login) override { return users_.erase(lower(login)) > 0; }
  std::string bytes() const override;

 private:
  /// What stands behind the owner's home; none if `home` is not in it.
  std::optional<std::string> inside(const std::string& home) const;
  MailUser user_of(const std::string& name, const vida::Record& record) const;

  accounts::Account owner_;
  vida::Users users_;
};

MailUser Virtual::user_of(const std::string& name, const vida::Record& record) const {
  return {.login = name,
          .hash = record.hash,
          .user = owner_.name,
          .home = record.home == "." ? owner_.home : owner_.home + "/" + record.home,
          .secret = record.secret,
          .scram = record.scram};
}

std::vector<MailUser> Virtual::users() const {
  std::vector<MailUser> all;
  for (const auto& [name, record] : users_) all.push_back(user_of(name, record));
  return all;
}

std::optional<MailUser> Virtual::find(const std::string& login) const {
  const auto found = users_.find(login);
  return found != users_.end() ? std::optional(user_of(found->first, found->second)) : std::nullopt;
}

std::optional<std::string> Virtual::inside(const std::string& home) const {
  if (home == owner_.home) return ".";
  if (!home.starts_with(owner_.home + "/")) return std::nullopt;
  return home.substr(owner_.home.size() + 1);
}

void Virtual::put(const MailUser& user) {
  if (const auto problem = accounts::problem_of_login(user.login); !problem.empty())
    throw unfit(user.login, problem);
  if (user.login.find_first_of(vida::Reading().delimiters) != std::string::npos)
    throw unfit(user.login, "a virtual user has a name without its domain");
  if (user.user != owner_.name) throw unfit(user.login, "its system user is not " + owner_.name);
  const auto home = inside(user.home);
  if (!home) throw unfit(user.login, "its home is not below " + owner_.home);
  const vida::Record record{.hash = user.hash, .home = *home, .secret = user.secret, .scram = user.scram};
  if (vida::parse_record(vida::bytes_of(record)) != record)
    throw unfit(user.login,
                "its home has an empty part, .. or a colon, or its secret has a control character");
  users_.insert_or_assign(lower(user.login), record);
}

std::string Virtual::bytes() const {
  auto cdb = vida::build_users(users_);
  if (!cdb) throw Failure(Exit::permanent, "unable to keep more than 4 GB of users");
  return std::move(*cdb);
}

}  // namespace

std::unique_ptr<Table> make_poppasswd(std::string text, const std::string& path) {
  return std::make_unique<Poppasswd>(std::move(text), path);
}

std::unique_ptr<Table> make_virtual(std::string_view cdb, const std::string& path,
                                    const accounts::Account& owner) {
  return std::make_unique<Virtual>(cdb, path, owner);
}

}  // namespace qmail::user
