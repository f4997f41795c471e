#include <gtest/gtest.h>

#include "core/smtp/client_hook.h"
#include "patches-integrated/my-addresses/address_book.h"
#include "tests/support/temp_home.h"

namespace qmail::features {

smtpc::Configure configure_my_addresses;

namespace my_addresses {
namespace {

Ip ip(const char* text) { return Ip::parse(text).value(); }

std::string entry(std::string_view text) {
  const auto network = parse_entry(text);
  return network ? network->text() : "none";
}

TEST(AddressEntry, IsAnAddressOrANetwork) {
  EXPECT_EQ(entry("192.0.2.1"), "192.0.2.1/32");
  EXPECT_EQ(entry("192.0.2.1/24"), "192.0.2.0/24");
  EXPECT_EQ(entry("192.0.2.1/255.255.255.0"), "192.0.2.0/24");
  EXPECT_EQ(entry("192.0.2.1/0.0.0.0"), "0.0.0.0/0");
  EXPECT_EQ(entry("2001:db8::1"), "2001:db8::1/128");
  EXPECT_EQ(entry("2001:db8::1/32"), "2001:db8::/32");
}

TEST(AddressEntry, IsNothingElse) {
  for (const char* text :
       {"", "/", "192.0.2.1/", "/24", "192.0.2", "192.0.2.1/33", "192.0.2.1/-1", "192.0.2.1/255.0.255.0",
        "192.0.2.1/24/24", "2001:db8::/129", "2001:db8::/255.255.255.0", "192.0.2.1/ffff::", "mx.example",
        "192.0.2.1 ", "[192.0.2.1]"})
    EXPECT_EQ(entry(text), "none") << text;
  for (const char* start : {"", "1", "192.0.2.1", "192.0.2.1/", "192.0.2.1/2", "::", "::/"})
    for (int byte = 0; byte < 256; ++byte) parse_entry(start + std::string(1, static_cast<char>(byte)));
}

TEST(AddressBook, KnowsWhatIsAlwaysOurs) {
  const AddressBook book;
  for (const char* text : {"0.0.0.0", "::", "127.0.0.1", "127.9.9.9"})
    EXPECT_TRUE(book.is_own(ip(text), false)) << text;
  EXPECT_FALSE(book.is_own(ip("192.0.2.1"), false));
  EXPECT_TRUE(book.is_own(ip("192.0.2.1"), true));
}

TEST(AddressBook, LetsTheLongestEntryDecide) {
  AddressBook book;
  for (const char* line : {"192.0.2.0/24", "198.51.100.7", "2001:db8::/32", "203.0.113.0/24"})
    book.add_own(line);
  for (const char* line :
       {"192.0.2.128/25", "203.0.113.0/24", "203.0.113.9", "2001:db8:1::/48", "127.0.0.0/8"})
    book.add_other(line);
  EXPECT_TRUE(book.is_own(ip("192.0.2.1"), false));
  EXPECT_FALSE(book.is_own(ip("192.0.2.129"), false));
  EXPECT_TRUE(book.is_own(ip("198.51.100.7"), false));
  EXPECT_TRUE(book.is_own(ip("2001:db8::1"), false));
  EXPECT_FALSE(book.is_own(ip("2001:db8:1::1"), false));
  // A tie says no; an interface is as long as an entry can be.
  EXPECT_FALSE(book.is_own(ip("203.0.113.1"), false));
  EXPECT_TRUE(book.is_own(ip("203.0.113.1"), true));
  EXPECT_FALSE(book.is_own(ip("203.0.113.9"), true));
  EXPECT_FALSE(book.is_own(ip("127.0.0.2"), false));
}

TEST(AddressBook, SendsFromTheAddressOfTheSendersHost) {
  AddressBook book;
  for (const char* line : {"192.0.2.9", "2001:db8::9"}) book.add_source(line);
  for (const char* line : {"a.example:192.0.2.1", ".a.example:192.0.2.2", "a.example:2001:db8::1",
                           "b.example:0.0.0.0", "c.example:[2001:db8::3]"})
    book.add_source_of_host(line);
  const auto source = [&](const char* sender, const char* server) {
    const auto from = book.source(sender, ip(server));
    return from ? from->text() : "the system's";
  };
  EXPECT_EQ(source("me@A.example", "198.51.100.1"), "192.0.2.1");
  EXPECT_EQ(source("me@A.example", "2001:db8::ff"), "2001:db8::1");
  EXPECT_EQ(source("me@x.a.example", "198.51.100.1"), "192.0.2.2");
  EXPECT_EQ(source("me@x.a.example", "2001:db8::ff"), "2001:db8::9");
  EXPECT_EQ(source("me@b.example", "198.51.100.1"), "the system's");
  EXPECT_EQ(source("me@c.example", "2001:db8::ff"), "2001:db8::3");
  EXPECT_EQ(source("", "198.51.100.1"), "192.0.2.9");
}

class MyAddressesTest : public testing::Test {
 protected:
  MyAddressesTest() { std::filesystem::create_directory(home_.path() / "control"); }
  std::unique_ptr<smtpc::Feature> configure() const {
    const Control control(home_.open().sub("control"));
    return configure_my_addresses({control, {}});
  }
  test::TempHome home_;
};

TEST_F(MyAddressesTest, IsAbsentWithoutItsFiles) { EXPECT_FALSE(configure()); }

TEST_F(MyAddressesTest, SharesConnectionsFromOneAddress) {
  home_.write("control/outgoingips", "a.example:192.0.2.1\nb.example:192.0.2.1\nc.example:192.0.2.3\n");
  const auto feature = configure();
  ASSERT_TRUE(feature);
  const auto sharing = [&](const char* sender) {
    return feature->sharing({.host = "h", .sender = sender, .address = {ip("198.51.100.1"), 25}});
  };
  EXPECT_EQ(sharing("x@a.example"), sharing("x@b.example"));
  EXPECT_NE(sharing("x@a.example"), sharing("x@c.example"));
  EXPECT_NE(sharing("x@a.example"), sharing("x@d.example"));
}

TEST_F(MyAddressesTest, ComplainsOfEachLineThatMakesNoSense) {
  home_.write("control/moreipme", "192.0.2.1\n192.0.2\n");
  home_.write("control/outgoingips", "a.example\n");
  const Control control(home_.open().sub("control"));
  configure_my_addresses({control, {}});
  ASSERT_EQ(control.complaints().size(), 2u);
  EXPECT_EQ(control.complaints()[0].line, 2u);
  EXPECT_EQ(control.complaints()[1].name, "outgoingips");
}

TEST_F(MyAddressesTest, DefersEverythingWhereALineMakesNoSense) {
  for (const auto& [file, line] : {std::pair("moreipme", "192.0.2.0/33"), std::pair("notipme", "mx.example"),
                                   std::pair("outgoingip", "192.0.2"), std::pair("outgoingips", "a.example"),
                                   std::pair("outgoingips", "a.example:b")}) {
    home_.write(std::string("control/") + file, std::string(line) + "\n");
    const auto routing = configure()->route("h", "s@a");
    const auto* refusal = std::get_if<smtpc::Refusal>(&routing);
    ASSERT_TRUE(refusal) << line;
    EXPECT_EQ(refusal->text, "Unable to make sense of the line " + std::string(line) + " in control/" + file +
                                 ". (#4.3.5)\n");
    std::filesystem::remove(home_.path() / "control" / file);
  }
}

}  // namespace
}  // namespace my_addresses
}  // namespace qmail::features
