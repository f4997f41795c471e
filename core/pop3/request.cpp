#include "core/pop3/request.h"

#include <algorithm>

namespace qmail::pop3 {

Request parse_request(std::string_view line) {
  line = line.substr(0, line.find('\0'));
  const std::string_view verb = line.substr(0, line.find(' '));
  std::string_view arg = line.substr(verb.size());
  arg.remove_prefix(std::min(arg.find_first_not_of(' '), arg.size()));
  return {verb, arg};
}

}  // namespace qmail::pop3
