#include "core/programs/qmail-user/qmail_user.h"

#include <cerrno>
#include <set>

#include "core/accounts/crypt.h"
#include "core/accounts/poppasswd.h"
#include "core/accounts/system_account.h"
#include "core/accounts/vida.h"
#include "core/base/io.h"
#include "core/base/secret.h"
#include "core/format/json.h"
#include "core/programs/qmail-user/formats.h"
#include "core/programs/qmail-user/password.h"
#include "core/programs/qmail-user/request.h"
#include "core/programs/qmail-user/store.h"

namespace qmail {
namespace {

using accounts::MailUser;
using user::Request;
using user::Store;
using user::Table;

Failure refusal(const std::string& login, const std::string& why) {
  return {Exit::permanent, "unable to change " + login + ": " + why};
}

/// Puts a password in: its hash, what SCRAM needs where there is a place for that, and itself only where that
/// was asked for.
void set_password(MailUser& user, std::string& password, const Request& request) {
  user.hash = accounts::hash_password(password);
  user.scram.reset();
  if (request.owner) user.scram = accounts::make_scram_keys(password);
  user.secret.reset();
  if (request.keeps_secret) user.secret = password;
  wipe(password);
}

void add(Process& self, const Request& request, const Store& store) {
  MailUser user{.login = store.name_of(request.operand),
                .user = request.user.value_or(""),
                .home = request.home.value_or("")};
  if (const auto problem = accounts::problem_of_login(user.login); !problem.empty())
    throw UsageError(Exit::permanent, std::string(problem));
  if (request.user && !accounts::find_system_account(*request.user))
    throw refusal(user.login, "there is no system user " + *request.user);
  user = store.completed(std::move(user));
  const auto refuse_if_there = [&](const Table& table) {
    if (table.find(user.login))
      throw refusal(user.login, "it is there already; qmail-user passwd changes its password");
  };
  // Before anybody types a password, and again under the lock.
  refuse_if_there(*store.read());
  std::string password = user::ask_password(self.in, self.err, user.login);
  set_password(user, password, request);
  store.change([&](Table& table) {
    refuse_if_there(table);
    table.put(user);
  });
}

void remove(const Request& request, const Store& store) {
  store.change([&](Table& table) {
    if (!table.remove(request.operand)) throw refusal(request.operand, "there is no such login");
  });
}

void change_password(Process& self, const Request& request, const Store& store) {
  const std::string login = store.name_of(request.operand);
  const auto need = [&](const Table& table) {
    auto user = table.find(login);
    if (!user) throw refusal(login, "there is no such login; qmail-user add makes one");
    return std::move(*user);
  };
  static_cast<void>(need(*store.read()));
  std::string password = user::ask_password(self.in, self.err, login);
  MailUser changed;
  set_password(changed, password, request);
  store.change([&](Table& table) {
    MailUser user = need(table);
    user.hash = changed.hash;
    user.secret = changed.secret;
    user.scram = changed.scram;
    table.put(user);
  });
}

std::string_view state_of(const MailUser& user) {
  if (!accounts::can_match(user.hash)) return "locked";
  return user.secret ? "secret" : "password";
}

std::string listed(const MailUser& user, bool json) {
  if (!json)
    return user.login + "\t" + user.user + "\t" + user.home + "\t" + std::string(state_of(user)) + "\n";
  return json::Object()
             .put("login", user.login)
             .put("user", user.user)
             .put("home", user.home)
             .put("state", state_of(user))
             .text() +
         "\n";
}

std::string exported(const MailUser& user, bool json) {
  if (!json) return accounts::poppasswd::line_of(user) + "\n";
  json::Object object;
  object.put("login", user.login).put("crypt", user.hash).put("user", user.user).put("home", user.home);
  if (user.secret) object.put("secret", *user.secret);
  return object.text() + "\n";
}

void print_all(Process& self, const Request& request, const Store& store) {
  Writer out(self.out);
  for (const MailUser& user : store.read()->users())
    out.put(request.verb == Request::Verb::list ? listed(user, request.json) : exported(user, request.json));
  out.flush_or_throw("output");
}

std::string read_list(Process& self, const std::string& name) {
  const bool is_input = name == "-";
  const std::string label = is_input ? "standard input" : name;
  const auto file = is_input ? std::nullopt : find_regular_file(name);
  if (!is_input && !file) throw Failure::system("read " + name, ENOENT);
  auto bytes = read_all(is_input ? self.in : file->get(), accounts::vida::most_bytes, label);
  if (!bytes) throw Failure::system("read " + label, EFBIG);
  return std::move(*bytes);
}

user::Format format_of(const Request& request, std::string_view bytes) {
  if (request.from) {
    const auto format = user::find_format(*request.from);
    if (!format) throw UsageError(Exit::permanent, "no such format: " + *request.from);
    return *format;
  }
  const auto detected = user::detect_format(bytes);
  if (const auto* why = std::get_if<std::string>(&detected))
    throw Failure(Exit::permanent, "unable to tell the format of " + request.operand + ": " + *why +
                                       "; if you know it, say --from passwd, poppasswd, cmd5checkpw or vida");
  return std::get<user::Format>(detected);
}

std::vector<user::Foreign> parse(const Request& request, std::string_view bytes) {
  auto parsed = user::parse_list(format_of(request, bytes), bytes);
  if (const auto* problem = std::get_if<accounts::poppasswd::Problem>(&parsed)) {
    const std::string where = problem->line > 0 ? ", line " + std::to_string(problem->line) : "";
    throw Failure(Exit::permanent, "unable to import " + request.operand + where + ": " + problem->reason);
  }
  return std::move(std::get<std::vector<user::Foreign>>(parsed));
}

/// As the store is to have them. A list that says whose mailbox it is says it for itself only where the
/// request does not.
std::vector<MailUser> taken_over(const Request& request, const Store& store,
                                 std::vector<user::Foreign> list) {
  std::vector<MailUser> users;
  std::set<std::string> seen;
  for (user::Foreign& foreign : list) {
    MailUser user = std::move(foreign.user);
    user.login = store.name_of(user.login);
    if (!seen.insert(user.login).second) throw refusal(user.login, "the list has it twice");
    if (request.user) user.user = *request.user;
    if (request.home) user.home = *request.home + "/" + user.login;
    if (!request.keeps_secret) user.secret.reset();
    if (!foreign.password.empty()) set_password(user, foreign.password, request);
    users.push_back(store.completed(std::move(user)));
  }
  return users;
}

void import_list(Process& self, const Request& request) {
  // Before the process becomes somebody who may not read it.
  std::string bytes = read_list(self, request.operand);
  const Store store(request);
  const auto users = taken_over(request, store, parse(request, bytes));
  wipe(bytes);
  if (request.only_shows) {
    Writer out(self.out);
    for (const MailUser& user : users) out.put(exported(user, false));
    return out.flush_or_throw("output");
  }
  store.change([&](Table& table) {
    for (const MailUser& user : users) {
      if (table.find(user.login)) throw refusal(user.login, "it is there already; nothing is imported");
      table.put(user);
    }
  });
}

}  // namespace

int change_users(Process& self) {
  const Request request = user::parse_request(self.args);
  if (request.verb == Request::Verb::import_list) {
    import_list(self, request);
    return 0;
  }
  const Store store(request);
  switch (request.verb) {
    case Request::Verb::add: add(self, request, store); break;
    case Request::Verb::del: remove(request, store); break;
    case Request::Verb::passwd: change_password(self, request, store); break;
    default: print_all(self, request, store);
  }
  return 0;
}

}  // namespace qmail
