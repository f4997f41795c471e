// Whether a program may answer a message, as its sender and its header show. RFC 3834 section 2.
#pragma once
#include <string_view>

namespace qmail {

/// Why nothing goes to this sender; empty if something may. It is nobody, a program, or a list.
std::string_view why_no_answer_to(std::string_view sender);
/// Why nothing answers a message with this field in its header; empty if something may: a program or a list
/// has sent it, or nobody wants an answer.
std::string_view why_no_answer_after(std::string_view field);

}  // namespace qmail
