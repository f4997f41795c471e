// fuzzes: tcpserver.code
#include <cstdint>
#include <cstdlib>

#include "ucspi/lib/address_list.h"
#include "ucspi/lib/limits.h"
#include "ucspi/lib/proxy_header.h"
#include "ucspi/tcpserver/look_up.h"

using qmail::ucspi::ProxyHeader;

/// What a proxy sends, what a look-up tells, and two options of any bytes. A header is the same however much
/// of it has come, and whatever follows.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const ProxyHeader header = qmail::ucspi::parse_proxy_header(text);
  if (header.state == ProxyHeader::State::complete) {
    if (header.size > size || header.size > qmail::ucspi::longest_proxy_header) std::abort();
    if (qmail::ucspi::parse_proxy_header(text.substr(0, header.size)).state != header.state) std::abort();
    if (qmail::ucspi::parse_proxy_header(text.substr(0, header.size - 1)).state !=
        ProxyHeader::State::incomplete)
      std::abort();
  }
  if (header.state == ProxyHeader::State::incomplete && size >= qmail::ucspi::longest_proxy_header)
    std::abort();
  if (const auto finding = qmail::ucspi::parse_finding(text))
    if (qmail::ucspi::encode_finding(*finding) != text) std::abort();
  static_cast<void>(qmail::ucspi::AddressList::parse(text));
  if (const auto rate = qmail::ucspi::Rate::parse(text))
    if (!qmail::ucspi::Rate::parse(rate->text())) std::abort();
  return 0;
}
