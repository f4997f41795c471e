// What a server offers in its answer to EHLO. RFC 5321 section 4.1.1.1.
#pragma once
#include <optional>
#include <string_view>

namespace qmail::smtpc {

/// What stands behind `keyword` on a line of its own in `reply`: the lines of a ServerReply with their codes.
/// None if there is no such line. The first line is the server's name, not an extension.
std::optional<std::string_view> find_extension(std::string_view reply, std::string_view keyword);

}  // namespace qmail::smtpc
