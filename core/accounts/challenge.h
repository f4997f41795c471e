// Proofs that somebody knows a secret, without saying it: RFC 1939 section 7 (APOP), RFC 2195 (CRAM-MD5).
#pragma once
#include <string_view>

namespace qmail::accounts {

/// True if `response` is the digest that APOP or CRAM-MD5 wants of this secret for this challenge.
bool is_response(std::string_view response, std::string_view challenge, std::string_view secret);

}  // namespace qmail::accounts
