#include "core/programs/qmail-local/recipient.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/base/options.h"
#include "core/base/program.h"
#include "core/format/address.h"
#include "core/format/mbox.h"

namespace qmail::local {
namespace {

/// A newline in an address must not begin a line of its own in the header.
std::string as_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', '_');
  return text + "\n";
}

/// EXT, EXT2, EXT3, EXT4: each without what the one before has up to its first '-'.
void describe_extension(std::string_view ext, Environment& environment) {
  for (const std::string_view name : {"EXT", "EXT2", "EXT3", "EXT4"}) {
    environment.set(name, ext);
    const std::size_t dash = ext.find('-');
    ext = dash == std::string_view::npos ? std::string_view() : ext.substr(dash + 1);
  }
}

/// HOST, HOST2, HOST3, HOST4: each without what the one before has from its last '.' on.
void describe_host(std::string_view host, Environment& environment) {
  for (const std::string_view name : {"HOST", "HOST2", "HOST3", "HOST4"}) {
    environment.set(name, host);
    host = host.substr(0, host.rfind('.'));
  }
}

}  // namespace

Arguments parse_arguments(const std::vector<std::string>& args) {
  Arguments arguments;
  Options options(args, "nN");
  while (const auto option = options.next()) {
    if (*option == '?') throw UsageError(Exit::permanent, options.problem());
    arguments.is_rehearsal = *option == 'n';
  }
  const std::vector<std::string> rest = options.rest();
  Recipient& r = arguments.recipient;
  const std::array places{&r.user, &r.home,   &r.local,  &r.dash,
                          &r.ext,  &r.domain, &r.sender, &r.default_delivery};
  if (rest.size() != places.size()) throw UsageError();
  for (std::size_t i = 0; i < places.size(); ++i) *places[i] = rest[i];
  if (!r.home.starts_with('/')) throw UsageError();
  return arguments;
}

HeadLines head_lines(const Recipient& recipient, std::int64_t now) {
  return {.from = mbox_from_line(recipient.sender, now),
          .return_path = as_line("Return-Path: <" + quote_address(recipient.sender) + ">"),
          .delivered_to = as_line("Delivered-To: " + recipient.address())};
}

void describe(const Recipient& recipient, const HeadLines& lines, Environment& environment) {
  environment.set("HOME", recipient.home);
  environment.set("USER", recipient.user);
  environment.set("LOCAL", recipient.local);
  environment.set("RECIPIENT", recipient.address());
  environment.set("SENDER", recipient.sender);
  environment.set("DTLINE", lines.delivered_to);
  environment.set("RPLINE", lines.return_path);
  environment.set("UFLINE", lines.from);
  describe_host(recipient.domain, environment);
  describe_extension(recipient.ext, environment);
}

}  // namespace qmail::local
