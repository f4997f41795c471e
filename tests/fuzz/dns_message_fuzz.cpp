// fuzzes: qmail_format
#include <cstdint>
#include <cstdlib>

#include "core/format/dns_message.h"

using qmail::dns::Type;

/// An answer of any bytes is read or refused; a name that can be asked for comes back as it was.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (const auto message = qmail::dns::parse_message(text))
    for (const Type type : {Type::a, Type::aaaa, Type::mx, Type::ptr, Type::txt})
      qmail::dns::follow(*message, type);
  const auto query = qmail::dns::build_query(7, text, Type::mx, true);
  if (!query) return 0;
  const auto parsed = qmail::dns::parse_message(*query);
  if (!parsed || qmail::dns::build_query(7, parsed->name, Type::mx, true) != query) std::abort();
  qmail::dns::is_reply_to(text, *query);
  return 0;
}
