#include "ucspi/lib/services.h"

#include <gtest/gtest.h>

namespace qmail::ucspi {
namespace {

TEST(Services, AreFoundByNameAndAliasOfTheirProtocol) {
  const std::string text =
      "# comment smtp 1/tcp\n\nsmtp\t\t25/tcp\t\tmail # smtp2\nqmqp 628/udp\nqmqp  628/tcp\nbad "
      "70000/tcp\nodd x\n"
      "last 9/tcp alias";
  EXPECT_EQ(find_service(text, "smtp", "tcp"), 25);
  EXPECT_EQ(find_service(text, "mail", "tcp"), 25);
  EXPECT_EQ(find_service(text, "smtp", "udp"), std::nullopt);
  EXPECT_EQ(find_service(text, "smtp2", "tcp"), std::nullopt);
  EXPECT_EQ(find_service(text, "qmqp", "tcp"), 628);
  EXPECT_EQ(find_service(text, "bad", "tcp"), std::nullopt);
  EXPECT_EQ(find_service(text, "alias", "tcp"), 9);
  EXPECT_EQ(find_service(text, "", "tcp"), std::nullopt);
  EXPECT_EQ(find_service("", "smtp", "tcp"), std::nullopt);
}

}  // namespace
}  // namespace qmail::ucspi
