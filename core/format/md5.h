// MD5 and HMAC-MD5: RFC 1321, RFC 2104. Good for nothing new; APOP and CRAM-MD5 are made of them.
#pragma once
#include <string>
#include <string_view>

namespace qmail {

/// 16 bytes.
std::string md5(std::string_view text);
std::string hmac_md5(std::string_view key, std::string_view text);

}  // namespace qmail
