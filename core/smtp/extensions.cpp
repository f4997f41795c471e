#include "core/smtp/extensions.h"

#include "core/base/text.h"

namespace qmail::smtpc {
namespace {

constexpr std::size_t code_and_separator = 4;

}  // namespace

bool offers_extension(std::string_view reply, std::string_view keyword) {
  for (std::size_t at = reply.find('\n'); at != std::string_view::npos; at = reply.find('\n')) {
    reply.remove_prefix(at + 1);
    std::string_view line = reply.substr(0, reply.find('\n'));
    if (line.size() < code_and_separator) continue;
    line.remove_prefix(code_and_separator);
    if (equal_nocase(line.substr(0, line.find_first_of(" =")), keyword)) return true;
  }
  return false;
}

}  // namespace qmail::smtpc
