// fuzzes: qmail_smtp
#include <cstdint>
#include <cstdlib>

#include "core/control/control.h"
#include "core/smtp/route.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (const auto route = qmail::smtpc::parse_route(text))
    if (route->port == 0 || route->host.size() > size) std::abort();
  const auto routes = qmail::NoCaseMap::of_pairs(qmail::control_lines(text));
  qmail::smtpc::find_route(routes, text.substr(0, text.find(':')));
  return 0;
}
