#include "core/programs/qmail-send/settings.h"

#include <gtest/gtest.h>

#include "core/base/failure.h"
#include "tests/support/temp_home.h"

namespace qmail::send {
namespace {

class SettingsTest : public testing::Test {
 protected:
  SettingsTest() { home.write("control/me", "mx.example\n"); }
  Control control() const { return Control(home.open().sub("control")); }
  test::TempHome home;
};

TEST_F(SettingsTest, DefaultsComeFromMe) {
  const Settings settings = read_settings(control());
  EXPECT_EQ(settings.concurrency, (std::array<std::size_t, 2>{10, 20}));
  EXPECT_EQ(settings.lifetime_seconds, 604800);
  EXPECT_EQ(settings.bouncefrom, "MAILER-DAEMON");
  EXPECT_EQ(settings.bouncehost, "mx.example");
  EXPECT_EQ(settings.double_bounce_to, "postmaster@mx.example");
  EXPECT_EQ(settings.routing.envnoathost, "mx.example");
  EXPECT_TRUE(settings.routing.locals.contains("mx.example"));
}

TEST_F(SettingsTest, EachHasItsFile) {
  home.write("control/concurrencylocal", "300\n");
  home.write("control/concurrencyremote", "1000\n");
  home.write("control/queuelifetime", "1\n");
  home.write("control/bouncefrom", "daemon\n");
  home.write("control/bouncehost", "b.example\n");
  home.write("control/doublebounceto", "root\n");
  home.write("control/doublebouncehost", "d.example\n");
  home.write("control/envnoathost", "e.example\n");
  home.write("control/locals", "l.example\n");
  const Settings settings = read_settings(control());
  EXPECT_EQ(settings.concurrency, (std::array<std::size_t, 2>{300, 1000}));
  EXPECT_EQ(settings.lifetime_seconds, 1);
  EXPECT_EQ(settings.bouncefrom, "daemon");
  EXPECT_EQ(settings.bouncehost, "b.example");
  EXPECT_EQ(settings.double_bounce_to, "root@d.example");
  EXPECT_EQ(settings.routing.envnoathost, "e.example");
  EXPECT_FALSE(settings.routing.locals.contains("mx.example"));
}

TEST_F(SettingsTest, RecipientsShareADeliveryWithinReason) {
  EXPECT_EQ(read_settings(control()).recipients_together, 100U);
  for (const auto& [text, number] : {std::pair{"7\n", 7U}, {"0\n", 1U}, {"5000\n", 1000U}}) {
    home.write("control/rcptspermessage", text);
    EXPECT_EQ(read_settings(control()).recipients_together, number);
  }
}

TEST_F(SettingsTest, DomainsMayHaveLimits) {
  EXPECT_EQ(read_settings(control()).domain_limits.of("far.example"), std::nullopt);
  home.write("control/concurrencydomain", "far.example:3\n");
  EXPECT_EQ(read_settings(control()).domain_limits.of("far.example"), 3U);
}

TEST_F(SettingsTest, NeedLocalsOrMe) {
  std::filesystem::remove(home.path() / "control/me");
  EXPECT_THROW(read_settings(control()), Failure);
  home.write("control/locals", "l.example\n");
  const Settings settings = read_settings(control());
  EXPECT_EQ(settings.bouncehost, "bouncehost");
  EXPECT_EQ(settings.double_bounce_to, "postmaster@doublebouncehost");
  EXPECT_EQ(settings.routing.envnoathost, "envnoathost");
}

TEST_F(SettingsTest, RereadingChangesNothingWhenAFileCannotBeRead) {
  Settings settings = read_settings(control());
  home.write("control/locals", "new.example\n");
  std::filesystem::create_directory(home.path() / "control/virtualdomains");
  EXPECT_EQ(reread(control(), settings.routing), "control/virtualdomains");
  EXPECT_TRUE(settings.routing.locals.contains("mx.example"));
  std::filesystem::remove(home.path() / "control/virtualdomains");
  EXPECT_EQ(reread(control(), settings.routing), std::nullopt);
  EXPECT_TRUE(settings.routing.locals.contains("new.example"));
}

}  // namespace
}  // namespace qmail::send
