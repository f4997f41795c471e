#include "core/programs/qmail-send/bounce_text.h"

#include "core/format/address.h"
#include "core/format/datetime.h"

namespace qmail::send {

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
