// What a bounce file says of one recipient, in the format that bounce readers know:
// https://cr.yp.to/proto/qsbmf.txt
#pragma once
#include <string>
#include <string_view>

namespace qmail::queue {

/// The paragraph for one recipient: blank lines, which end a paragraph, become '/' in it.
std::string bounce_note(std::string_view recipient, std::string_view report);

}  // namespace qmail::queue
