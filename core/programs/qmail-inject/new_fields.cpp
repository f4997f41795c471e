#include "core/programs/qmail-inject/new_fields.h"

#include <algorithm>
#include <optional>

#include "core/base/text.h"
#include "core/format/address.h"

namespace qmail::inject {
namespace {

using header::Kind;
using header::Token;
using header::Tokens;

std::string until_nul(std::string text) {
  text.resize(std::min(text.find('\0'), text.size()));
  return text;
}

void add_host(Tokens& field, const std::optional<std::string>& host) {
  if (!host) return;
  field.push_back({Kind::at});
  field.push_back({Kind::atom, *host});
}

/// A field made of raw tokens, once printed and read again so that a host such as "a.b" counts as three, then
/// with its addresses completed.
std::string completed(const Tokens& field, const header::Rewrite& rewrite) {
  const std::string line = header::print_tokens(field);
  auto result = header::rewrite_field(line, rewrite);
  if (!result) throw header::unparsable(line);
  return *result;
}

}  // namespace

std::string from_field(const Settings& settings) {
  const Author& author = settings.author;
  const bool name_before = author.name && !settings.wishes.name_as_comment();
  Tokens field{{Kind::atom, "From"}, {Kind::colon}};
  if (name_before) {
    field.push_back({Kind::quoted, *author.name});
    field.push_back({Kind::left});
  }
  const bool plain = quote_local(author.user) == author.user;
  field.push_back({plain ? Kind::atom : Kind::quoted, author.user});
  add_host(field, author.host);
  if (name_before) field.push_back({Kind::right});
  if (author.name && !name_before) field.push_back({Kind::comment, *author.name});
  return completed(field, [&](Tokens& address) { settings.completion.complete(address); });
}

std::string mail_followup_to(const Settings& settings, const std::vector<std::string>& recipients) {
  if (!settings.mailing_lists) return "";
  const bool to_a_list = std::any_of(recipients.begin(), recipients.end(), [&](const std::string& recipient) {
    return settings.mailing_lists->contains(recipient);
  });
  if (!to_a_list) return "";
  std::string field = "Mail-Followup-To: ";
  for (auto recipient = recipients.rbegin(); recipient != recipients.rend(); ++recipient) {
    if (recipient != recipients.rbegin()) field += ",\n  ";
    field += quote_address(*recipient);
  }
  return field + "\n";
}

std::string envelope_form(const Tokens& address) { return until_nul(header::envelope_address(address)); }

std::string envelope_sender(const Tokens& address, const Wishes& wishes) {
  const std::string_view verp = wishes.sender_per_recipient() ? "-@[]" : "";
  return until_nul(header::envelope_address(address).append(verp));
}

std::string default_sender(const Settings& settings) {
  std::string user = settings.author.sender_user;
  if (settings.wishes.sender_per_message())
    user += "-" + std::to_string(settings.now) + "." + std::to_string(settings.pid);
  if (settings.wishes.sender_per_recipient()) user += "-";
  Tokens field{{Kind::atom, "Return-Path"}, {Kind::colon}, {Kind::quoted, user}};
  add_host(field, settings.author.sender_host);
  std::optional<std::string> sender;
  completed(field, [&](Tokens& address) {
    settings.completion.complete(address);
    if (!sender) sender = envelope_sender(address, settings.wishes);
  });
  return sender.value_or("");
}

}  // namespace qmail::inject
