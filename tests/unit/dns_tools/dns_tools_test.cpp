#include <gtest/gtest.h>

#include "core/base/fd.h"
#include "core/base/program.h"
#include "core/programs/dnsfq/print_full_name.h"
#include "core/programs/dnsip/print_addresses.h"
#include "core/programs/dnsmxip/print_mail_hosts.h"
#include "core/programs/dnsptr/print_name.h"
#include "tests/support/scripted_resolver.h"

namespace qmail {
namespace {

class DnsTools : public testing::Test {
 protected:
  DnsTools() {
    resolver_.exchangers["example"] = {{10, "mx.example"}};
    resolver_.hosts["mx.example"] = {"192.0.2.1", "2001:db8::1"};
    resolver_.pointers["192.0.2.1"] = {"mx.example"};
    resolver_.pointers["2001:db8::1"] = {"six.example"};
    resolver_.failing = {"A down.example", "MX down.example", "PTR 192.0.2.9"};
  }

  /// What `print` writes, or the failure that it ends with.
  template <typename Print, typename Argument>
  std::string run(Print print, const Argument& argument) {
    Pipe pipe = Pipe::make();
    Writer out(pipe.write.get());
    try {
      print(resolver_, argument, out);
    } catch (const Failure& failure) {
      return failure.what() + std::string(" ") + std::to_string(static_cast<int>(failure.code()));
    }
    out.flush_or_throw("pipe");
    pipe.write.close();
    return read_all(pipe.read.get(), 1000, "pipe").value();
  }

  test::ScriptedResolver resolver_;
};

TEST_F(DnsTools, DnsipPrintsEveryAddress) {
  EXPECT_EQ(run(print_addresses, std::string("mx.example")), "192.0.2.1\n2001:db8::1\n");
  EXPECT_EQ(run(print_addresses, std::string("[192.0.2.7]")), "192.0.2.7\n");
  EXPECT_EQ(run(print_addresses, std::string("none.example")), "hard error 100");
  EXPECT_EQ(run(print_addresses, std::string("down.example")), "soft error 111");
}

TEST_F(DnsTools, DnsmxipPrintsAddressesWithTheirPreference) {
  EXPECT_EQ(run(print_mail_hosts, std::string("example")), "192.0.2.1 10\n2001:db8::1 10\n");
  EXPECT_EQ(run(print_mail_hosts, std::string("mx.example")), "192.0.2.1 0\n2001:db8::1 0\n");
  EXPECT_EQ(run(print_mail_hosts, std::string("none.example")), "hard error 100");
  EXPECT_EQ(run(print_mail_hosts, std::string("down.example")), "soft error 111");
}

TEST_F(DnsTools, DnsptrPrintsTheName) {
  EXPECT_EQ(run(print_name, std::string("192.0.2.1")), "mx.example\n");
  EXPECT_EQ(run(print_name, std::string("2001:db8::1")), "six.example\n");
  EXPECT_EQ(run(print_name, std::string("192.0.2.8")), "hard error 100");
  EXPECT_EQ(run(print_name, std::string("192.0.2.9")), "soft error 111");
  EXPECT_EQ(run(print_name, std::string("mx.example")), " 100");
}

TEST_F(DnsTools, DnsfqPrintsTheNameOfTheFirstAddress) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(run(print_full_name, Names{"mx.none", "mx.example", "mx"}), "mx.example\n");
  EXPECT_EQ(run(print_full_name, Names{"mx.none"}), "hard error 100");
  EXPECT_EQ(run(print_full_name, Names{"down.example", "mx.example"}), "soft error 111");
  EXPECT_EQ(run(print_full_name, Names{"192.0.2.9"}), "soft error 111");
}

}  // namespace
}  // namespace qmail
