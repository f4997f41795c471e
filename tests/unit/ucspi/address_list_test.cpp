#include "ucspi/lib/address_list.h"

#include <gtest/gtest.h>

namespace qmail::ucspi {
namespace {

bool is_in(const char* ip, const char* list) {
  const auto parsed = AddressList::parse(list);
  EXPECT_TRUE(parsed) << list;
  return parsed && parsed->contains(Ip::parse(ip).value());
}

TEST(AddressList, HoldsAddressesAndNetworks) {
  EXPECT_TRUE(is_in("192.0.2.1", "127.0.0.1,192.0.2.1"));
  EXPECT_FALSE(is_in("192.0.2.2", "127.0.0.1,192.0.2.1"));
  EXPECT_TRUE(is_in("10.255.0.1", "10.0.0.0/8"));
  EXPECT_TRUE(is_in("10.255.0.1", "10.9.9.9/8"));
  EXPECT_FALSE(is_in("11.0.0.1", "10.0.0.0/8"));
  EXPECT_TRUE(is_in("192.0.2.127", "192.0.2.0/25"));
  EXPECT_FALSE(is_in("192.0.2.128", "192.0.2.0/25"));
  EXPECT_TRUE(is_in("2001:db8:ff::1", "2001:db8::/32"));
  EXPECT_FALSE(is_in("2001:db9::1", "2001:db8::/32"));
}

TEST(AddressList, EveryAddressOfOneFamilyIsNoneOfTheOther) {
  EXPECT_TRUE(is_in("192.0.2.1", "0.0.0.0/0"));
  EXPECT_FALSE(is_in("::1", "0.0.0.0/0"));
  EXPECT_TRUE(is_in("::1", "::/0"));
  EXPECT_FALSE(is_in("192.0.2.1", "::/0"));
}

TEST(AddressList, IsRefusedWhereItMakesNoSense) {
  for (const char* text : {"", ",", "1.2.3", "1.2.3.4,", "1.2.3.4/33", "::/129", "1.2.3.4/", "1.2.3.4/-1",
                           "host", "1.2.3.4 ", "1.2.3.4/8/8"})
    EXPECT_FALSE(AddressList::parse(text)) << text;
  EXPECT_TRUE(AddressList().is_empty());
  EXPECT_FALSE(AddressList().contains(Ip()));
}

}  // namespace
}  // namespace qmail::ucspi
