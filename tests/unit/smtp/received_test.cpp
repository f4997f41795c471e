#include "core/smtp/received.h"

#include <gtest/gtest.h>

namespace qmail {
namespace {

constexpr std::int64_t now = 1795337285;  // 22 Nov 2026 08:48:05 UTC

TEST(Received, NamesBothEndsAndTheMoment) {
  const Trace trace = Trace::from(Environment{{"TCPREMOTEIP", "192.0.2.1"},
                                              {"TCPREMOTEHOST", "client.example"},
                                              {"TCPREMOTEINFO", "joe"},
                                              {"TCPLOCALIP", "192.0.2.9"},
                                              {"TCPLOCALHOST", "server.example"}});
  EXPECT_EQ(received_field(trace, "other.example", "SMTP", now),
            "Received: from client.example (HELO other.example) (joe@192.0.2.1)\n"
            "  by server.example with SMTP; 22 Nov 2026 08:48:05 -0000\n");
}

TEST(Received, HeloIsLeftOutWhereItSaysNothingNew) {
  const Trace trace = Trace::from(Environment{{"TCPREMOTEHOST", "client.example"}});
  EXPECT_EQ(received_field(trace, "CLIENT.example", "QMTP", now),
            "Received: from client.example (unknown)\n"
            "  by unknown with QMTP; 22 Nov 2026 08:48:05 -0000\n");
}

TEST(Received, WhatTheClientChoseIsMadeSafe) {
  const Trace trace = Trace::from(Environment{{"TCPREMOTEINFO", "a\nb"}, {"TCPREMOTEIP", "2001:db8::1"}});
  EXPECT_EQ(received_field(trace, "x) (y@[1]", "SMTP", now),
            "Received: from unknown (HELO x???y@[1]) (a?b@2001:db8::1)\n"
            "  by unknown with SMTP; 22 Nov 2026 08:48:05 -0000\n");
}

TEST(Received, SaysHowTheConnectionIsSecured) {
  const Trace trace = Trace::from(Environment{{"TCPREMOTEHOST", "client.example"},
                                              {"TCPREMOTEIP", "192.0.2.1"},
                                              {"SSL_PROTOCOL", "TLSv1.3"},
                                              {"SSL_CIPHER", "TLS_AES_256_GCM_SHA384"}});
  EXPECT_EQ(received_field(trace, "client.example", "ESMTPS", now),
            "Received: from client.example (192.0.2.1)\n"
            "  by unknown with ESMTPS (TLSv1.3 TLS_AES_256_GCM_SHA384); 22 Nov 2026 08:48:05 -0000\n");
}

TEST(Received, WhatIsSaidOfTheCipherIsMadeSafeToo) {
  const Trace trace = Trace::from(Environment{{"SSL_PROTOCOL", "a)\n"}, {"SSL_CIPHER", "(b"}});
  EXPECT_EQ(received_field(trace, "unknown", "ESMTPS", now),
            "Received: from unknown (unknown)\n"
            "  by unknown with ESMTPS (a?? ?b); 22 Nov 2026 08:48:05 -0000\n");
}

}  // namespace
}  // namespace qmail
