#include "core/programs/qlist/notices.h"

#include "core/base/text.h"
#include "core/format/address.h"
#include "core/format/datetime.h"

namespace qmail::qlist {
namespace {

constexpr std::string_view automatic = "Auto-Submitted: auto-replied\n";

std::string field(std::string_view name, std::string_view body) {
  return std::string(name).append(": ").append(body).append("\n");
}

std::string header_of(const Settings& settings, const Heading& heading, std::string_view to,
                      std::string_view subject) {
  return std::string(heading.delivered_to) + field("Date", rfc5322_date(heading.now)) +
         field("Message-ID", heading.id) + field("From", "<" + quote_address(settings.request) + ">") +
         field("To", "<" + quote_address(to) + ">") + field("Subject", subject) + std::string(automatic) +
         "\n";
}

/// Every message of the list's request address ends with it.
std::string help(const Settings& settings) {
  std::string text =
      "To subscribe, send an empty message to\n" + settings.request +
      ".\nFor the reverse, send it a message with the word UNSUBSCRIBE at the beginning of a line.\n";
  if (settings.more) text += "\n" + *settings.more + "\n";
  return text + "\nThe list's owner is " + settings.owner + ".\n";
}

/// Text of ours within somebody's message.
std::string inserted(const Settings& settings, std::string_view text) {
  std::string marked = "***** Inserted by " + settings.request + "\n*\n";
  for (const std::string_view line : split(text.substr(0, text.find_last_not_of('\n') + 1), '\n'))
    marked.append(line.empty() ? "*" : "* ").append(line).append("\n");
  return marked + "*\n*****\n";
}

std::string introduction(const Settings& settings) {
  return "This is qlist, which keeps the subscriptions to the mailing list\n" + settings.list +
         ".\n\nYou get this message because Reply-To or From of it has your address.\n\n" + help(settings);
}

std::string_view remark_on(Order::Place place) {
  switch (place) {
    case Order::Place::line: break;
    case Order::Place::subject: return "There is a command in the subject.\n\n";
    case Order::Place::nowhere: return "There is no command here, so this is taken for a subscription.\n\n";
  }
  return "";
}

std::string quoted(std::string_view text) {
  std::string lines;
  for (const std::string_view line : split(text.substr(0, text.find_last_not_of('\n') + 1), '\n'))
    lines.append("> ").append(printable(std::string(line), '?')).append("\n");
  return lines;
}

}  // namespace

std::string acknowledgment(std::string_view address, Action action, bool was_there) {
  const std::string_view outcome = action == Action::subscribe
                                       ? (was_there ? " was a subscriber already." : " is a subscriber now.")
                                       : (was_there ? " is no subscriber any more." : " was no subscriber.");
  return std::string(address).append(outcome);
}

std::string question(const Settings& settings, const Heading& heading, const Request& request,
                     const Confirmation& wanted) {
  const std::string line = text_of(wanted);
  std::string text = header_of(settings, heading, wanted.address, line);
  if (request.confirmation)
    text +=
        "The confirmation in the message that came was too old, or not one of this list. Here is a new "
        "one.\n\n";
  text += "Somebody, you yourself perhaps, wants the address\n" + wanted.address;
  text += wanted.action == Action::subscribe ? "\nto be put on the mailing list\n"
                                             : "\nto be taken off the mailing list\n";
  text += settings.list +
          ".\n\nIf that is what you want, reply to this message, with the subject as it is. Or send this "
          "line to\n" +
          settings.request + ":\n\n" + line +
          "\n\nIf not, do nothing, and nothing will happen. This holds for " + std::to_string(valid_days) +
          " days.\n\n" + help(settings);
  if (!request.trace.empty())
    text += "\nWhere the message that asked for it came from:\n" + quoted(request.trace);
  return text;
}

std::string answer(const Settings& settings, const Heading& heading, std::string_view address,
                   std::string_view outcome) {
  return header_of(settings, heading, address, settings.list) + std::string(outcome) +
         "\n\nThe mailing list is\n" + settings.list + ".\n\n" + help(settings);
}

std::string annotated(const Settings& settings, const Heading& heading, const Request& request,
                      std::span<const std::string> outcomes) {
  std::string text = std::string(heading.delivered_to) + std::string(automatic) + request.fields + "\n" +
                     inserted(settings, introduction(settings));
  std::size_t done = 0;
  for (std::size_t i = 0; i < request.orders.size(); ++i) {
    const Order& order = request.orders[i];
    text += request.body.substr(done, order.end - done);
    text += inserted(settings, std::string(remark_on(order.place)) + outcomes[i]);
    done = order.end;
  }
  return text + request.body.substr(done);
}

}  // namespace qmail::qlist
