#include "patches-integrated/smtp-auth/offer.h"

#include "core/base/text.h"

namespace qmail::smtp_auth {
namespace {

bool take_front(std::string_view& text, char wanted) {
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

std::optional<Offer> parse_offer(std::string_view text) {
  Offer offer;
  if (text == "-") return offer;
  offer.is_required = take_front(text, '!');
  if (text.empty()) {
    offer.plain = true;
    return offer;
  }
  offer.plain = take_front(text, '+');
  for (const std::string_view word : split(text, '+')) {
    if (equal_nocase(word, "cram")) {
      offer.cram_md5 = true;
    } else if (equal_nocase(word, "scram")) {
      offer.scram = true;
    } else {
      return std::nullopt;
    }
  }
  return offer;
}

}  // namespace qmail::smtp_auth
