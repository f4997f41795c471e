// The fields of a header that say when a message was made, and which it is. RFC 5322 sections 3.6.1, 3.6.4;
// qmail-header(5).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace qmail::header {

/// "Date: 26 Sep 1995 04:46:53 -0000", with a newline, as both of these.
std::string date_field(std::int64_t now);
/// "Message-ID: <19950926044653.12345.qmail@host.example>"; `unique` is something that no other message of
/// this second and host has.
std::string message_id_field(std::int64_t now, std::string_view unique, std::string_view host);

}  // namespace qmail::header
