#include "ucspi/lib/proxy_header.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace qmail::ucspi {
namespace {

using namespace std::string_literals;
using State = ProxyHeader::State;

/// SOURCE:PORT>DESTINATION:PORT, "-" if the header has none, or the state.
std::string read(std::string_view bytes) {
  const ProxyHeader header = parse_proxy_header(bytes);
  if (header.state == State::incomplete) return "incomplete";
  if (header.state == State::malformed) return "malformed";
  const std::string rest = "+" + std::to_string(bytes.size() - header.size);
  if (!header.ends) return "-" + rest;
  const auto& [source, destination] = *header.ends;
  return source.ip.text() + ":" + std::to_string(source.port) + ">" + destination.ip.text() + ":" +
         std::to_string(destination.port) + rest;
}

const std::string signature = "\r\n\r\n\0\r\nQUIT\n"s;
const std::string four = "\xc0\x00\x02\x01\xc0\x00\x02\x09\x10\x92\x00\x19"s;

TEST(ProxyHeader, Version1IsALine) {
  EXPECT_EQ(read("PROXY TCP4 192.0.2.1 192.0.2.9 4242 25\r\nEHLO"), "192.0.2.1:4242>192.0.2.9:25+4");
  EXPECT_EQ(read("PROXY TCP6 2001:db8::1 ::1 65535 0\r\n"), "2001:db8::1:65535>::1:0+0");
  EXPECT_EQ(read("PROXY UNKNOWN\r\n"), "-+0");
  EXPECT_EQ(read("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\nx"), "-+1");
}

TEST(ProxyHeader, Version2HasBinaryAddresses) {
  EXPECT_EQ(read(signature + "\x21\x11\0\x0c"s + four + "hi"), "192.0.2.1:4242>192.0.2.9:25+2");
  const std::string six = "\x20\x01\x0d\xb8"s + std::string(11, '\0') + "\x01" + std::string(15, '\0') +
                          "\x02" + "\x10\x92\x00\x19"s;
  EXPECT_EQ(read(signature + "\x21\x21\0\x24"s + six), "2001:db8::1:4242>::2:25+0");
}

TEST(ProxyHeader, ExtensionsArePassedOver) {
  EXPECT_EQ(read(signature + "\x21\x11\0\x13"s + four + "\x04\0\4abcd"s + "rest"),
            "192.0.2.1:4242>192.0.2.9:25+4");
}

TEST(ProxyHeader, AProxyMaySpeakForItself) {
  EXPECT_EQ(read(signature + "\x20\x00\0\0"s + "x"), "-+1");
  EXPECT_EQ(read(signature + "\x20\x11\0\x0c"s + four), "-+0");
  EXPECT_EQ(read(signature + "\x21\x00\0\2ab"s), "-+0");
}

TEST(ProxyHeader, EveryBeginningIsIncomplete) {
  for (const std::string& whole :
       {"PROXY TCP4 192.0.2.1 192.0.2.9 4242 25\r\n"s, signature + "\x21\x11\0\x0c"s + four})
    for (std::size_t size = 0; size < whole.size(); ++size)
      EXPECT_EQ(read(whole.substr(0, size)), "incomplete") << size;
}

TEST(ProxyHeader, ALieIsMalformed) {
  const std::vector<std::string> lies{
      "EHLO x\r\n",
      "PROXY\r\n",
      "PROXY  TCP4 192.0.2.1 192.0.2.9 4242 25\r\n",
      "PROXY TCP4 192.0.2.1 192.0.2.9 4242\r\n",
      "PROXY TCP4 192.0.2.1 192.0.2.9 4242 25 1\r\n",
      "PROXY TCP4 192.0.2.1 192.0.2.9 4242 65536\r\n",
      "PROXY TCP4 192.0.2.1 192.0.2.9 04242 25\r\n",
      "PROXY TCP4 192.0.2.256 192.0.2.9 4242 25\r\n",
      "PROXY TCP4 ::1 ::1 4242 25\r\n",
      "PROXY TCP6 192.0.2.1 192.0.2.9 4242 25\r\n",
      "PROXY UDP4 192.0.2.1 192.0.2.9 4242 25\r\n",
      "PROXY UNKNOWNS\r\n",
      "PROXY TCP4 192.0.2.1 192.0.2.9 4242 25\n" + std::string(100, ' '),
      "PROXY UNKNOWN " + std::string(93, 'x') + "\r\n",
      signature + "\x11\x11\0\x0c"s + four,
      signature + "\x22\x11\0\x0c"s + four,
      signature + "\x21\x11\0\x0b"s + four,
      signature + "\x21\x12\0\x0c"s + four,
      signature + "\x21\x31\0\x0c"s + four,
      signature + "\x21\x21\0\x0c"s + four,
      signature + "\x21\x11\xff\xff"s,
  };
  for (const std::string& lie : lies) EXPECT_EQ(read(lie), "malformed") << lie;
}

}  // namespace
}  // namespace qmail::ucspi
