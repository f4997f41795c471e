// fuzzes: qmail_format
#include <cstdint>
#include <cstdlib>

#include "core/format/resolv_conf.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using qmail::dns::ResolvConf;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const ResolvConf conf = qmail::dns::parse_resolv_conf(text);
  if (conf.servers.size() > ResolvConf::most_servers || conf.attempts == 0 || conf.timeout_seconds == 0)
    std::abort();
  qmail::dns::search_names(conf, std::string(text));
  qmail::dns::find_in_hosts(text, text.substr(0, text.find(' ')));
  return 0;
}
