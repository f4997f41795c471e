#include "patches-integrated/submission/senders.h"

#include <gtest/gtest.h>

#include "tests/support/temp_home.h"

namespace qmail::features {
namespace {

class SendersTest : public ::testing::Test {
 protected:
  SendersTest() { home_.write("control/me", "mx.example.org\n"); }
  bool belong(std::string_view account, std::string_view sender) const {
    return Senders::read(Control(home_.open().sub("control")), {}).belong(account, sender);
  }

  test::TempHome home_;
};

TEST_F(SendersTest, AnAccountIsItsLocalPartAtOurHosts) {
  home_.write("control/locals", "example.org\n");
  home_.write("control/defaulthost", "mail\n");
  home_.write("control/defaultdomain", "example.net\n");
  for (const char* const sender :
       {"joe@example.org", "JOE@Example.ORG", "joe@mx.example.org", "joe-list@example.org",
        "joe-@example.org", "joe@mail.example.net", "joe@mail", "joe"})
    EXPECT_TRUE(belong("joe", sender)) << sender;
  for (const char* const sender : {"joes@example.org", "jo@example.org", "joe@b.example", "x-joe@example.org",
                                   "@example.org", "joe@example.org@b.example", "joe@sub.example.org"})
    EXPECT_FALSE(belong("joe", sender)) << sender;
}

TEST_F(SendersTest, WithoutLocalsTheHostIsMe) {
  EXPECT_TRUE(belong("joe", "joe@mx.example.org"));
  EXPECT_FALSE(belong("joe", "joe@example.org"));
}

TEST_F(SendersTest, AnAccountThatIsAnAddressIsThatAndItsExtensions) {
  home_.write("control/locals", "example.org\n");
  EXPECT_TRUE(belong("joe@b.example", "joe@b.example"));
  EXPECT_TRUE(belong("joe@b.example", "Joe-list@B.example"));
  EXPECT_FALSE(belong("joe@b.example", "joe@example.org"));
  EXPECT_FALSE(belong("joe@b.example", "ann@b.example"));
}

TEST_F(SendersTest, AVirtualDomainIsItsOwnersWithAllInIt) {
  home_.write("control/virtualdomains",
              "b.example:joe\nc.example:joe-c\n.d.example:joe\nann@e.example:joe\nf.example:ann\nx.d.example:"
              "ann\nb.example.:\n");
  for (const char* const sender :
       {"anybody@b.example", "anybody@C.example", "anybody@deep.in.d.example", "ann@e.example"})
    EXPECT_TRUE(belong("joe", sender)) << sender;
  for (const char* const sender :
       {"anybody@e.example", "anybody@f.example", "anybody@x.d.example", "anybody@d.example"})
    EXPECT_FALSE(belong("joe", sender)) << sender;
  EXPECT_TRUE(belong("ann", "anybody@x.d.example"));
  EXPECT_FALSE(belong("jo", "anybody@b.example"));
}

TEST_F(SendersTest, LinesThatAllowNothingAreTold) {
  home_.write("control/submissionsenders", "joe:a@b.example\nnonsense\n# no line\n:@b.example\njoe:ann\n");
  const Control control(home_.open().sub("control"));
  EXPECT_EQ(read_allowances(control).size(), 1U);
  ASSERT_EQ(control.complaints().size(), 3U);
  EXPECT_EQ(to_text(control.complaints().front()),
            "control/submissionsenders: line 2: no account, colon and sender: write account:user@host or "
            "account:@host");
}

TEST_F(SendersTest, NobodyIsNoAccount) {
  EXPECT_FALSE(belong("", "@mx.example.org"));
  EXPECT_FALSE(belong("", "-x@mx.example.org"));
  EXPECT_FALSE(belong("@b.example", "-x@b.example"));
}

}  // namespace
}  // namespace qmail::features
