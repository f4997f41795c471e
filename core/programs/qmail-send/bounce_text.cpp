#include "core/programs/qmail-send/bounce_text.h"

#include <algorithm>

#include "core/format/address.h"
#include "core/format/datetime.h"

namespace qmail::send {

std::string bounce_note(std::string_view recipient, std::string_view report) {
  std::string note = "<";
  note.append(recipient);
  std::replace(note.begin(), note.end(), '\n', '_');
  note.append(">:\n").append(report);
  if (!report.empty() && report.back() != '\n') note += '\n';
  for (std::size_t at = note.size() - 2; at > 0; --at)
    if (note[at] == '\n' && note[at - 1] == '\n') note[at] = '/';
  return note + '\n';
}

std::string bounce_head(const BounceFacts& facts) {
  std::string head = "Date: " + rfc5322_date(facts.now) + "\nFrom: ";
  head.append(quote_local(facts.bouncefrom)).append("@").append(facts.bouncehost);
  head.append("\nTo: ").append(quote_address(facts.recipient));
  head.append("\nSubject: failure notice\n\nHi. This is the qmail-send program at ").append(facts.bouncehost);
  if (facts.sender.empty())
    return head +
           ".\n"
           "I tried to deliver a bounce message to this address, but the bounce bounced!\n\n";
  return head +
         ".\n"
         "I'm afraid I wasn't able to deliver your message to the following addresses.\n"
         "This is a permanent error; I've given up. Sorry it didn't work out.\n\n";
}

std::string bounce_tail(const BounceFacts& facts) {
  const std::string_view below = facts.sender.empty() ? "--- Below this line is the original bounce.\n\n"
                                                      : "--- Below this line is a copy of the message.\n\n";
  return std::string(below) + "Return-Path: <" + quote_address(facts.sender) + ">\n";
}

}  // namespace qmail::send
