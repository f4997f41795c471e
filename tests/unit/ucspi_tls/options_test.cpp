#include <gtest/gtest.h>

#include "ucspi/lib/tls/tls_program.h"
#include "ucspi/tlsserve/serve.h"
#include "ucspi/ucspi-tlsc/chain.h"

namespace qmail::ucspi {
namespace {

using Words = std::vector<std::string>;

TEST(KeeperOptions, HaveALimit) {
  EXPECT_EQ(parse_keeper_options({}), 1000U);
  EXPECT_EQ(parse_keeper_options({"-c", "7"}), 7U);
  for (const Words& words : {Words{"-c", "0"}, Words{"-c", "x"}, Words{"-c"}, Words{"-x"}, Words{"word"}})
    EXPECT_THROW(parse_keeper_options(words), UsageError);
}

TEST(ServingOptions, BecomeARequest) {
  const Serving plain = parse_serving({"prog", "-r"});
  EXPECT_EQ(plain.program, (Words{"prog", "-r"}));
  EXPECT_EQ(plain.request, tls::Request());
  const Serving all = parse_serving({"-rsw", "5", "prog"});
  EXPECT_EQ(all.request, (tls::Request{.seconds = 5,
                                       .client_certificate = tls::ClientCertificate::require,
                                       .tell_certificates = true}));
  EXPECT_EQ(parse_serving({"-a", "prog"}).request.client_certificate, tls::ClientCertificate::ask);
  for (const Words& words :
       {Words{}, Words{"-a"}, Words{"-x", "prog"}, Words{"-w", "0", "prog"}, Words{"-w", "x", "prog"}})
    EXPECT_THROW(parse_serving(words), UsageError);
}

TEST(ChainOptions, BecomeARequest) {
  EXPECT_FALSE(parse_chain({}));
  EXPECT_FALSE(parse_chain({"-c", "5"}));
  const auto chain =
      parse_chain({"-n", "mx.example", "-a", "ca", "-k", "own", "-w", "9", "-s", "prog", "-x"});
  ASSERT_TRUE(chain);
  EXPECT_EQ(chain->request, (tls::Request{.role = tls::Role::client,
                                          .seconds = 9,
                                          .tell_certificates = true,
                                          .name = "mx.example",
                                          .verify = tls::Verify::name}));
  EXPECT_EQ(chain->authorities, "ca");
  EXPECT_EQ(chain->certificate, "own");
  EXPECT_EQ(chain->program, (Words{"prog", "-x"}));
  EXPECT_EQ(parse_chain({"-f", std::string(64, 'a'), "prog"})->request.verify, tls::Verify::sha256);
  for (const Words& words : {Words{"prog"}, Words{"-v", "perhaps", "prog"}, Words{"-v", "name", "prog"},
                             Words{"-f", "abc", "prog"}, Words{"-c", "5", "-v", "none", "prog"},
                             Words{"-x", "prog"}, Words{"-n", std::string(256, 'a'), "prog"}})
    EXPECT_THROW(parse_chain(words), UsageError) << words.front();
}

}  // namespace
}  // namespace qmail::ucspi
