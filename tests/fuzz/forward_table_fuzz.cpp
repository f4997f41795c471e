// fuzzes: setforward.code fastforward.code
#include <cstdint>
#include <cstdlib>

#include "core/base/failure.h"
#include "core/programs/fastforward/expansion.h"
#include "core/programs/setforward/forward_table.h"

/// The input is a table; then, byte for byte, a damaged database and a list.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  qmail::CdbBuilder builder;
  std::string last = "a@x";
  try {
    qmail::ForwardTable table([&](std::string_view key, std::string_view data) {
      if (key.size() > 1) last = key.substr(1);
      if (!builder.add(key, data)) std::abort();
    });
    table.put(text);
    table.end();
  } catch (const qmail::Failure&) {  // a refusal
  }
  const std::string database = builder.finish();
  const std::function<std::string(const std::string&)> list = [&](const std::string&) {
    return std::string(text);
  };
  for (const std::string_view cdb : {std::string_view(database), text}) {
    const qmail::CdbView view(cdb);
    qmail::Expansion(view, list).expand(last, true);
  }
  return 0;
}
