#include "core/format/automatic_mail.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/base/text.h"
#include "core/format/address.h"
#include "core/format/header_field.h"

namespace qmail {
namespace {

constexpr std::array<std::string_view, 10> program_names{
    "mailer-daemon", "postmaster", "listserv",     "majordomo", "noreply",
    "no-reply",      "donotreply", "do-not-reply", "uucp",      "daemon"};
constexpr std::array<std::string_view, 6> list_ends{"-request", "-owner",    "-bounces",
                                                    "-relay",   "-outgoing", "-errors"};
constexpr std::array<std::string_view, 2> list_middles{"-return-", "-bounces+"};
constexpr std::array<std::string_view, 3> list_fields{"mailing-list", "x-mailing-list", "x-beenthere"};

bool is_bulk(std::string_view precedence) {
  return equal_nocase(precedence, "bulk") || equal_nocase(precedence, "list") ||
         equal_nocase(precedence, "junk");
}

/// X-Auto-Response-Suppress: a list of kinds of answers that are not wanted.
bool suppresses(std::string_view kinds) {
  const auto items = split(kinds, ',');
  return std::any_of(items.begin(), items.end(), [](std::string_view item) {
    const std::string_view kind = trim_end(item.substr(std::min(item.find_first_not_of(" \t"), item.size())));
    return equal_nocase(kind, "all") || equal_nocase(kind, "oof") || equal_nocase(kind, "autoreply");
  });
}

}  // namespace

std::string_view why_no_answer_to(std::string_view sender) {
  if (sender.empty() || sender == "#@[]") return "the sender is empty";
  if (std::any_of(sender.begin(), sender.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 32 || c == 127; }))
    return "the sender has a control character";
  const std::string local = lower(divide(sender).local);
  const auto is_like = [&](const auto& table, const auto& test) {
    return std::any_of(table.begin(), table.end(), test);
  };
  if (is_like(program_names, [&](std::string_view name) { return local == name; }))
    return "the sender is a program";
  if (local.starts_with("owner-") ||
      is_like(list_ends, [&](std::string_view end) { return local.ends_with(end); }) ||
      is_like(list_middles, [&](std::string_view part) { return local.find(part) != std::string::npos; }))
    return "the sender is a mailing list";
  return "";
}

std::string_view why_no_answer_after(std::string_view field) {
  const std::string_view name = header::field_name(field);
  const std::string_view body = header::field_body(field);
  if (equal_nocase(name, "auto-submitted") && !equal_nocase(body.substr(0, body.find_first_of("; \t")), "no"))
    return "a program sent it";
  if (equal_nocase(name, "x-auto-response-suppress") && suppresses(body)) return "no answer is wanted";
  if (equal_nocase(name, "precedence") && is_bulk(body)) return "it is bulk mail";
  if (equal_nocase(name, "x-spam-flag") && starts_nocase(body, "yes")) return "it is spam";
  const bool is_list = starts_nocase(name, "list-") ||
                       std::any_of(list_fields.begin(), list_fields.end(),
                                   [&](std::string_view other) { return equal_nocase(name, other); });
  return is_list ? "it comes from a mailing list" : "";
}

}  // namespace qmail
