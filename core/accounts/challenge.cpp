#include "core/accounts/challenge.h"

#include <string>

#include "core/base/secret.h"
#include "core/base/text.h"
#include "core/format/md5.h"

namespace qmail::accounts {

bool is_response(std::string_view response, std::string_view challenge, std::string_view secret) {
  // Without a challenge a response would be good for ever.
  if (challenge.empty() || secret.empty()) return false;
  std::string text;
  text.reserve(challenge.size() + secret.size());
  text.append(challenge).append(secret);
  const std::string apop = hexadecimal(md5(text));
  wipe(text);
  const std::string given = lower(response);
  const bool is_apop = is_same_secret(given, apop);
  const bool is_cram_md5 = is_same_secret(given, hexadecimal(hmac_md5(secret, challenge)));
  return is_apop || is_cram_md5;
}

}  // namespace qmail::accounts
