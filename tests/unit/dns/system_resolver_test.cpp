#include "core/dns/system_resolver.h"

#include "tests/unit/dns/dns_test.h"

namespace qmail::dns {
namespace {

class SystemResolverTest : public DnsTest {
 protected:
  SystemResolver resolver(
      std::string_view resolv_conf = "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n") {
    return SystemResolver(clock_, sources(resolv_conf));
  }

  static std::string text_of(const Answer<Ip>& answer) {
    std::string text(1, "fnt"[static_cast<int>(answer.status)]);
    for (const Ip& ip : answer.records) text += " " + ip.text();
    return text;
  }
};

TEST_F(SystemResolverTest, FindsAddressesOfBothFamilies) {
  serve(
      "mx.example A 192.0.2.1\nmx.example AAAA 2001:db8::1\nsix.example AAAA ::5\nwww.example CNAME "
      "mx.example\n");
  auto dns = resolver();
  EXPECT_EQ(text_of(dns.addresses("mx.example")), "f 192.0.2.1 2001:db8::1");
  EXPECT_EQ(text_of(dns.addresses("SIX.example.")), "f ::5");
  EXPECT_EQ(text_of(dns.addresses("www.example")), "f 192.0.2.1 2001:db8::1");
  EXPECT_EQ(text_of(dns.addresses("none.example")), "n");
  EXPECT_EQ(text_of(dns.addresses("example")), "n");
  EXPECT_EQ(text_of(dns.addresses("bad..name")), "n");
}

TEST_F(SystemResolverTest, FindsExchangersNamesAndTexts) {
  serve("example MX 10 mx.example\nexample TXT hello there\n1.2.0.192.in-addr.arpa PTR mx.example\n");
  auto dns = resolver();
  const auto exchangers = dns.mail_exchangers("example");
  ASSERT_EQ(exchangers.records.size(), 1u);
  EXPECT_EQ(exchangers.records[0].preference, 10u);
  EXPECT_EQ(exchangers.records[0].host, "mx.example");
  EXPECT_EQ(dns.texts("example").records, std::vector<std::string>{"hello there"});
  EXPECT_EQ(dns.names(*Ip::parse("192.0.2.1")).records, std::vector<std::string>{"mx.example"});
  EXPECT_EQ(dns.names(*Ip::parse("192.0.2.2")).status, Status::not_found);
}

TEST_F(SystemResolverTest, AsksOverTcpForWhatIsTooLarge) {
  std::string zone = "large.example TRUNCATE\n";
  for (int i = 0; i < 250; ++i) zone += "large.example A 192.0.2." + std::to_string(i) + "\n";
  serve(zone);
  EXPECT_EQ(resolver().addresses("large.example").records.size(), 250u);
}

TEST_F(SystemResolverTest, AsksWithoutEdnsWhereTheServerDoesNotKnowIt) {
  serve("old.example NOEDNS\nold.example A 192.0.2.1\n");
  EXPECT_EQ(text_of(resolver().addresses("old.example")), "f 192.0.2.1");
}

TEST_F(SystemResolverTest, SaysTryAgainWhenTheServerFails) {
  serve(
      "fail.example SERVFAIL\nrefused.example REFUSED\ndead.example IGNORE\nrubbish.example RAW 8180\n"
      "half.example RAW 8180 0001 0001 0000 0000 0468616c66076578616d706c65000001 0001\n");
  auto dns = resolver();
  for (const char* name :
       {"fail.example", "refused.example", "dead.example", "rubbish.example", "half.example"}) {
    EXPECT_EQ(dns.mail_exchangers(name).status, Status::try_again) << name;
    EXPECT_EQ(text_of(dns.addresses(name)), "t") << name;
  }
}

TEST_F(SystemResolverTest, TurnsToTheNextServerWhenOneIsSilentOrDead) {
  serve("mx.example A 192.0.2.1\n");
  EXPECT_EQ(
      text_of(resolver("nameserver 127.0.0.2\nnameserver ::1\noptions timeout:1\n").addresses("mx.example")),
      "f 192.0.2.1");
}

TEST_F(SystemResolverTest, FollowsAliasesItselfWhereTheServerDoesNot) {
  serve(
      "a.example CNAME b.example\nb.example CNAME c.example\nc.example A 192.0.2.1\nx.example CNAME "
      "x.example\n",
      {"--no-recursion"});
  auto dns = resolver();
  EXPECT_EQ(text_of(dns.addresses("a.example")), "f 192.0.2.1");
  EXPECT_EQ(dns.addresses("x.example").records.size(), 0u);
}

TEST_F(SystemResolverTest, ReadsHostsOnlyWhereItIsToldTo) {
  serve("mx.example A 192.0.2.1\n");
  write("hosts", "192.0.2.99 mx.example\n");
  EXPECT_EQ(text_of(resolver("nameserver 127.0.0.1\n").addresses("mx.example")), "f 192.0.2.1");
  EXPECT_EQ(text_of(resolver("nameserver 127.0.0.1\nlookup file bind\n").addresses("mx.example")),
            "f 192.0.2.99");
  auto file_alone = resolver("lookup file\n");
  EXPECT_EQ(text_of(file_alone.addresses("mx.example")), "f 192.0.2.99");
  EXPECT_EQ(text_of(file_alone.addresses("other.example")), "n");
  EXPECT_EQ(file_alone.mail_exchangers("mx.example").status, Status::not_found);
}

TEST_F(SystemResolverTest, GivesUpWhenTheTotalTimeIsOver) {
  serve("dead.example IGNORE\n");
  auto dns = resolver("nameserver 127.0.0.1\noptions timeout:30 attempts:5\n");
  const std::int64_t start = clock_.now();
  EXPECT_EQ(dns.mail_exchangers("dead.example").status, Status::try_again);
  EXPECT_LE(clock_.now() - start, 6);
}

TEST_F(SystemResolverTest, ABudgetIsSharedByAllQuestionsAndAllServers) {
  serve("dead.example IGNORE\n");
  const SteadyClock steady;
  const Deadline budget(steady, std::chrono::milliseconds(600));
  write("resolv.conf", "nameserver 127.0.0.1\nnameserver ::1\noptions timeout:30 attempts:5\n");
  SystemResolver dns(steady, {.resolv_conf = folder_ + "/resolv.conf", .port = port_, .budget = &budget});
  const Deadline patience(steady, 5);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(dns.names(Ip()).status, Status::not_found);
  EXPECT_GT(budget.milliseconds_left(), 0);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(dns.texts("dead.example").status, Status::try_again);
  EXPECT_EQ(budget.milliseconds_left(), 0);
  EXPECT_GT(patience.milliseconds_left(), 0);
}

TEST_F(SystemResolverTest, TellsHowLongAnAnswerMayBeKept) {
  serve(
      "mx.example A 192.0.2.1\nmx.example TTL 500\nwww.example CNAME mx.example\nwww.example TTL 7\n"
      "example SOA 30\nexample TTL 3600\nfail.example SERVFAIL\n1.2.0.192.in-addr.arpa PTR mx.example\n");
  auto dns = resolver();
  EXPECT_EQ(dns.addresses("mx.example").ttl, 500U);
  EXPECT_EQ(dns.addresses("www.example").ttl, 7U);
  EXPECT_EQ(dns.addresses("none.example").ttl, 30U);
  EXPECT_EQ(dns.mail_exchangers("mx.example").ttl, 30U);
  EXPECT_EQ(dns.texts("fail.example").ttl, 0U);
  EXPECT_EQ(dns.names(*Ip::parse("192.0.2.1")).ttl, 60U);
  EXPECT_EQ(dns.names(*Ip::parse("192.0.2.2")).ttl, 0U);
}

TEST_F(SystemResolverTest, SaysTryAgainWhenNobodyListens) {
  EXPECT_EQ(text_of(resolver("").addresses("mx.example")), "t");
}

}  // namespace
}  // namespace qmail::dns
