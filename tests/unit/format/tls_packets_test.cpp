#include "core/format/tls_packets.h"

#include <gtest/gtest.h>

namespace qmail::tls {
namespace {

using namespace std::string_literals;

const std::string fingerprint(64, 'a');

TEST(TlsRequest, IsTheSameBehindTheWire) {
  const Request requests[] = {
      {},
      {.seconds = 3600, .client_certificate = ClientCertificate::ask, .tell_certificates = true},
      {.client_certificate = ClientCertificate::require},
      {.role = Role::client},
      {.role = Role::client, .name = "mx.example", .verify = Verify::name},
      {.role = Role::client, .verify = Verify::ca},
      {.role = Role::client, .verify = Verify::sha256, .sha256 = fingerprint + ',' + fingerprint},
  };
  for (const Request& request : requests) EXPECT_EQ(parse_request(encode_request(request)), request);
}

TEST(TlsRequest, HasTheFormThatTheManualShows) {
  EXPECT_EQ(encode_request({.role = Role::client, .name = "mx.example", .verify = Verify::name}),
            "client\0seconds=60\0verify=name\0name=mx.example\0"s);
  EXPECT_EQ(encode_request({}), "server\0seconds=60\0client_certificate=none\0"s);
}

TEST(TlsRequest, ThatMakesNoSenseIsNone) {
  const std::string packets[] = {
      ""s,
      "\0"s,
      "server"s,
      "server\0"s,
      "server\0seconds=60"s,
      "nobody\0seconds=60\0"s,
      "server\0seconds=0\0"s,
      "server\0seconds=3601\0"s,
      "server\0seconds=sixty\0"s,
      "server\0seconds=60\0=x\0"s,
      "server\0seconds=60\0x\0"s,
      "server\0seconds=60\0\0"s,
      "server\0seconds=60\0client_certificate=perhaps\0"s,
      "client\0seconds=60\0verify=perhaps\0"s,
      "client\0seconds=60\0verify=name\0"s,
      "client\0seconds=60\0verify=sha256\0"s,
      "client\0seconds=60\0verify=sha256\0sha256=abc\0"s,
      "client\0seconds=60\0verify=sha256\0sha256="s + std::string(63, 'a') + "g\0"s,
      "client\0seconds=60\0verify=none\0name="s + std::string(256, 'a') + '\0',
      "server\0seconds=60\0A="s + std::string(longest_packet, 'a') + '\0',
  };
  for (const std::string& packet : packets) EXPECT_FALSE(parse_request(packet)) << packet;
}

TEST(TlsRequest, TakesFingerprintsWithColonsAndCapitals) {
  std::string text;
  for (int i = 0; i < 32; ++i) text += (i == 0 ? "" : ":") + "Ab"s;
  EXPECT_TRUE(makes_sense({.role = Role::client, .verify = Verify::sha256, .sha256 = text}));
  EXPECT_FALSE(makes_sense({.role = Role::client, .verify = Verify::sha256, .sha256 = text + ','}));
}

TEST(TlsAnswer, IsTheSameBehindTheWire) {
  const Answer secured{.kind = Answer::Kind::secured,
                       .facts = {{"SSL_PROTOCOL", "TLSv1.3"}, {"SSL_CLIENT_CERT", "two\nlines"}}};
  const auto got = parse_answer(encode_answer(secured));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->kind, Answer::Kind::secured);
  EXPECT_EQ(got->facts.entries(), secured.facts.entries());
  for (const auto kind : {Answer::Kind::failed, Answer::Kind::unverified, Answer::Kind::refused}) {
    const auto other = parse_answer(encode_answer({.kind = kind, .why = "no shared cipher"}));
    ASSERT_TRUE(other);
    EXPECT_EQ(other->kind, kind);
    EXPECT_EQ(other->why, "no shared cipher");
  }
}

TEST(TlsAnswer, SetsNobodyElsesVariables) {
  EXPECT_FALSE(parse_answer("secured\0SSL_PROTOCOL=TLSv1.3\0RELAYCLIENT=\0"s));
  EXPECT_FALSE(parse_answer("secured\0LD_PRELOAD=x\0"s));
  EXPECT_FALSE(parse_answer("certainly\0"s));
}

TEST(TlsAnswer, LeavesOutWhatIsTooLong) {
  Answer answer{.kind = Answer::Kind::secured, .facts = {{"SSL_PROTOCOL", "TLSv1.3"}}};
  for (const char* name : {"SSL_SERVER_CERT", "SSL_CLIENT_CERT"})
    answer.facts.set(name, std::string(longest_packet / 2, 'x'));
  const std::string packet = encode_answer(answer);
  EXPECT_LE(packet.size(), longest_packet);
  const auto got = parse_answer(packet);
  ASSERT_TRUE(got);
  EXPECT_TRUE(got->facts.find("SSL_SERVER_CERT"));
  EXPECT_FALSE(got->facts.find("SSL_CLIENT_CERT"));
}

TEST(TlsAnswer, CutsAValueWhereAVariableWouldEnd) {
  const auto got =
      parse_answer(encode_answer({.kind = Answer::Kind::secured, .facts = {{"SSL_TLS_SNI", "a\0b=c"s}}}));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->facts.get("SSL_TLS_SNI"), "a");
}

}  // namespace
}  // namespace qmail::tls
