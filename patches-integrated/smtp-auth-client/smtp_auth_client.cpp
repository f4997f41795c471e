// smtp-auth-client: mail goes out by a relay that wants a login, as control/authsenders and
// control/smtproutes say. See README.md.
#include <sys/stat.h>

#include "core/base/text.h"
#include "core/smtp/client_hook.h"
#include "patches-integrated/smtp-auth-client/account.h"
#include "patches-integrated/smtp-auth-client/login.h"

namespace qmail::features::smtp_auth_client {
namespace {

/// One of the two files.
struct Source {
  std::string name;
  Accounts accounts;
  bool is_open = false;  ///< everybody may read it
};

Source read_source(const Control& control, const std::string& name,
                   Accounts (*accounts_of)(const std::vector<std::string>&)) {
  const auto lines = control.numbered_lines(name);
  std::vector<std::string> texts;
  for (const ControlLine& line : lines.value_or(std::vector<ControlLine>())) texts.push_back(line.text);
  Source source{.name = name, .accounts = accounts_of(texts)};
  if (source.accounts.empty()) return source;
  struct stat file {};
  source.is_open =
      ::fstatat(control.directory().get(), name.c_str(), &file, 0) == 0 && (file.st_mode & S_IROTH) != 0;
  if (source.is_open)
    control.complain({name, 0, "holds passwords, and everybody can read it: chmod o= it; mail waits"});
  for (const ControlLine& line : *lines)
    if (line.text.find('|') != std::string::npos && !parse_entry(line.text).account)
      control.complain(
          {name, line.number, "expected KEY:RELAY:PORT|USER|PASSWORD; mail that needs it waits"});
  return source;
}

bool is_loopback(const Ip& ip) { return ip.is_v4() ? ip.v4_bytes()[0] == 127 : ip == Ip::parse("::1"); }

/// The password is for the relay, wherever else another feature sends the message.
bool leads_to(const smtpc::Destination& destination, const smtpc::Route& relay) {
  const auto literal = parse_address_literal(relay.host);
  const auto ip = literal ? literal : Ip::parse(relay.host);
  return destination.is_relay && destination.address.port == relay.port &&
         (ip ? destination.address.ip == *ip : equal_nocase(destination.server, relay.host));
}

class SmtpAuthClient final : public smtpc::Feature {
 public:
  SmtpAuthClient(Source senders, Source routes) : senders_(std::move(senders)), routes_(std::move(routes)) {}

  bool is_configured() const { return !senders_.accounts.empty() || !routes_.accounts.empty(); }
  smtpc::Routing route(std::string_view host, std::string_view sender) override;
  std::string sharing(const smtpc::Destination& destination) const override;
  smtpc::Decision introduced(smtpc::Connection& connection) override;

 private:
  struct Found {
    const Source* source = nullptr;
    const Entry* entry = nullptr;  ///< null: neither file says anything
  };
  Found find(std::string_view host, std::string_view sender) const;
  const Account* find_account(const smtpc::Destination& destination) const;

  Source senders_, routes_;
};

SmtpAuthClient::Found SmtpAuthClient::find(std::string_view host, std::string_view sender) const {
  if (const Entry* entry = senders_.accounts.find_sender(sender)) return {&senders_, entry};
  return {&routes_, routes_.accounts.find_host(host)};
}

const Account* SmtpAuthClient::find_account(const smtpc::Destination& destination) const {
  const Entry* const entry = find(destination.host, destination.sender).entry;
  const bool is_its = entry != nullptr && entry->account && leads_to(destination, entry->account->relay);
  return is_its ? &*entry->account : nullptr;
}

smtpc::Routing SmtpAuthClient::route(std::string_view host, std::string_view sender) {
  const Found found = find(host, sender);
  if (found.entry == nullptr) return smtpc::go_on;
  const std::string file = "control/" + found.source->name;
  if (found.source->is_open)
    return smtpc::Refusal{
        'Z', file + " holds passwords, and everybody can read it: take that away (chmod o=). (#4.3.5)\n"};
  if (!found.entry->account)
    return smtpc::Refusal{'Z', "Unable to make sense of the line for \"" + printable(found.entry->key, '?') +
                                   "\" in " + file + ". (#4.3.5)\n"};
  return found.entry->account->relay;
}

std::string SmtpAuthClient::sharing(const smtpc::Destination& destination) const {
  const Account* const account = find_account(destination);
  return account == nullptr ? "" : account->user;
}

smtpc::Decision SmtpAuthClient::introduced(smtpc::Connection& connection) {
  const smtpc::Destination& destination = connection.destination();
  const Account* const account = find_account(destination);
  if (account == nullptr) return smtpc::go_on;
  const auto offered = connection.session().find_offer("AUTH");
  if (!offered) return connection.failure("but the server offers no login (AUTH). (#4.7.0)");
  const bool may_show = connection.is_secured() || account->in_clear || is_loopback(destination.address.ip);
  if (const auto mechanism = choose(*offered, may_show)) return Login(connection, *account).run(*mechanism);
  if (choose(*offered, true))
    return connection.failure("but the password would go in clear, which its line does not allow. (#4.7.0)");
  return connection.failure("but the server offers no login (AUTH) that I know. (#4.7.0)");
}

}  // namespace
}  // namespace qmail::features::smtp_auth_client

namespace qmail::features {

std::unique_ptr<smtpc::Feature> configure_smtp_auth_client(const smtpc::Configuration& configuration) {
  using smtp_auth_client::Accounts, smtp_auth_client::read_source;
  auto feature = std::make_unique<smtp_auth_client::SmtpAuthClient>(
      read_source(configuration.control, "authsenders", Accounts::of_senders),
      read_source(configuration.control, "smtproutes", Accounts::of_routes));
  return feature->is_configured() ? std::move(feature) : nullptr;
}

}  // namespace qmail::features
