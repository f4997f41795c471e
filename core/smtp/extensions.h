// What a server offers in its answer to EHLO. RFC 5321 section 4.1.1.1.
#pragma once
#include <string_view>

namespace qmail::smtpc {

/// True if `keyword` stands on a line of its own, with parameters or without, in `reply`: the lines of a
/// ServerReply with their codes. The first line is the server's name, not an extension.
bool offers_extension(std::string_view reply, std::string_view keyword);

}  // namespace qmail::smtpc
