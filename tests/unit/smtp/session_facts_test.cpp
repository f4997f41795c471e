#include "core/smtp/session_facts.h"

#include <gtest/gtest.h>

namespace qmail::smtpd {
namespace {

TEST(SessionFacts, WhoIsAdmittedMayRelayAndIsNamed) {
  Facts facts;
  EXPECT_FALSE(facts.may_relay());
  Admission(facts).admit("joe");
  EXPECT_EQ(facts.account, "joe");
  EXPECT_TRUE(facts.may_relay());
  EXPECT_EQ(facts.terms.relay_suffix, "");
  EXPECT_EQ(facts.environment.entries(), (std::vector<std::string>{"TCPREMOTEINFO=joe", "RELAYCLIENT="}));
}

TEST(SessionFacts, ALoginChangesNothingOfHowOneRelaysAlready) {
  Facts facts{.environment = {{"RELAYCLIENT", "@there"}, {"TCPREMOTEINFO", "ident"}},
              .terms = {.longest_message = 0, .relay_suffix = "@there"}};
  Admission(facts).admit("joe");
  EXPECT_EQ(facts.terms.relay_suffix, "@there");
  EXPECT_EQ(facts.environment.entries(),
            (std::vector<std::string>{"RELAYCLIENT=@there", "TCPREMOTEINFO=joe"}));
}

TEST(SessionFacts, TheWordForReceivedSaysWhetherThereWasTlsAndALogin) {
  Facts facts;
  EXPECT_EQ(facts.protocol(), "SMTP");
  facts.account = "joe";
  EXPECT_EQ(facts.protocol(), "ESMTPA");
  facts.environment.set("SSL_PROTOCOL", "TLSv1.3");
  EXPECT_EQ(facts.protocol(), "ESMTPSA");
  facts.account.clear();
  EXPECT_EQ(facts.protocol(), "ESMTPS");
}

}  // namespace
}  // namespace qmail::smtpd
