#include "core/programs/qreceipt/qreceipt.h"

#include <csignal>

#include "core/base/signals.h"
#include "core/format/address.h"
#include "core/format/header_addresses.h"
#include "core/format/header_field.h"
#include "core/mailbox/message_text.h"
#include "core/queue/client.h"

namespace qmail {
namespace {

constexpr std::string_view request_field = "notice-requested-upon-delivery-to";
constexpr std::size_t longest_field = 65536;

struct Request {
  bool is_for_us = false;
  std::string message_id;  ///< the whole field, with its newline
};

/// True if `field` has the address `target`. Throws Failure if it cannot be understood.
bool lists(const std::string& field, std::string_view target) {
  bool found = false;
  const auto tokens = header::parse_tokens(field);
  const auto compare = [&](const header::Tokens& address) {
    if (header::envelope_address(address) == target) found = true;
  };
  if (!tokens || !header::rewrite_addresses(*tokens, compare)) {
    const std::string_view line = std::string_view(field).substr(0, field.find_last_not_of('\n') + 1);
    throw Failure(Exit::permanent, "unable to parse this: " + std::string(line));
  }
  return found;
}

void send_notice(std::string_view target, std::string_view sender, const std::string& message_id,
                 const Process& self) {
  const Directory home = self.home();
  auto queue = queue::Client::try_open(home, self.environment);
  if (!queue) throw Failure(Exit::temporary, "unable to fork");
  const std::string to = "<" + quote_address(sender) + ">\n";
  queue->put("From: DELIVERY NOTICE SYSTEM " + to);
  queue->put("To: " + to);
  queue->put(
      "Subject: success notice\n\nHi! This is the qreceipt program. Your message was delivered to the\n");
  queue->put("following address: " + std::string(target) + ". Thanks for asking.\n");
  if (!message_id.empty()) queue->put("Your " + message_id);
  queue->from("");
  queue->to(sender);
  const std::string reply = queue->close();
  if (reply.empty()) return;
  if (reply.front() == 'D') throw Failure(Exit::permanent, "permanent qmail-queue error: " + reply.substr(1));
  throw Failure(Exit::temporary, "temporary qmail-queue error: " + reply.substr(1));
}

}  // namespace

int send_receipt(const Process& self) {
  signals::ignore(SIGPIPE);
  const auto sender = self.environment.find("SENDER");
  if (self.args.empty() || !sender) throw UsageError();
  const std::string& target = self.args.front();
  Request request;
  mailbox::MessageText message(self.in, longest_field);
  message.read_header([&](const std::string& field) {
    if (header::is_field(field, "message-id")) request.message_id = field;
    if (header::is_field(field, request_field) && lists(field, target)) request.is_for_us = true;
  });
  // A bounce is answered by nobody, or two programs could go on for ever.
  if (!request.is_for_us || sender->empty() || *sender == "#@[]") return 0;
  send_notice(target, *sender, request.message_id, self);
  // Whoever writes the message into a pipe must not take the end of its reader for a failure.
  while (message.next_line()) continue;
  return 0;
}

}  // namespace qmail
