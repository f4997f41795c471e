#include "core/programs/qlist/list.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "core/base/program.h"
#include "core/programs/qlist/qlist.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_home.h"

namespace qmail::qlist {
namespace {

Settings settings_in(const std::filesystem::path& folder) {
  return {.list = "me-list@x",
          .request = "me-list-request@x",
          .list_file = folder / ".qmail-list",
          .request_file = folder / ".qmail-list-request",
          .temporary_file = folder / ".qtemp-list",
          .owner = "me@x"};
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 07777;
}

TEST(QlistAddress, MustBeThatOfAPersonElsewhere) {
  const Settings settings = settings_in("");
  for (const char* address : {"joe@y", "o'neil+qmail@sub.domain-y.example", "a.b=c_d@y", "|rm@y", "&a@y"})
    EXPECT_TRUE(may_subscribe(address, settings)) << address;
  for (const char* address : {"",
                              "joe",
                              "@y",
                              "joe@",
                              "joe @y",
                              "joe@y z",
                              "joe@y\n",
                              "a\nb@y",
                              "joe@[192.0.2.1]",
                              "a@b@y",
                              "\"a\"@y",
                              "a,b@y",
                              "<a@y",
                              "a@y>",
                              "\xc3\xa9@y",
                              "a@\xc3\xa9",
                              "a@y/z",
                              "ME-list@x",
                              "me-list-REQUEST@x",
                              "mailer-daemon@y",
                              "other-request@y",
                              "owner-other@y"})
    EXPECT_FALSE(may_subscribe(address, settings)) << address;
  EXPECT_TRUE(may_subscribe(std::string(98, 'a') + "@y", settings));
  EXPECT_FALSE(may_subscribe(std::string(99, 'a') + "@y", settings));
}

TEST(QlistEdit, TouchesNothingButTheAddress) {
  const auto subscribed = edit("# a\njoe@y\n&ann@y\n\n./Maildir/", "joe@y", Action::subscribe);
  EXPECT_EQ(subscribed.text, "# a\njoe@y\n&ann@y\n\n./Maildir/\n&joe@y\n");
  EXPECT_FALSE(subscribed.was_there);
  const auto again = edit("&Joe@y  \n&ann@y\n&joe@y\n", "joe@y", Action::subscribe);
  EXPECT_EQ(again.text, "&Joe@y  \n&ann@y\n");
  EXPECT_TRUE(again.was_there);
  const auto gone = edit("&Joe@y\n& joe@y\njoe@y\n&joe@y.z\n&joe@y\t", "joe@y", Action::unsubscribe);
  EXPECT_EQ(gone.text, "& joe@y\njoe@y\n&joe@y.z\n");
  EXPECT_TRUE(gone.was_there);
  const auto never = edit("", "joe@y", Action::unsubscribe);
  EXPECT_EQ(never.text, "");
  EXPECT_FALSE(never.was_there);
}

TEST(QlistList, BecomesOneThatOnlyForwards) {
  const test::TempHome home;
  const Settings settings = settings_in(home.path());
  home.write(".qmail-list-request", "");
  home.write(".qmail-list", "&joe@y\n");
  ::chmod(settings.list_file.c_str(), 0664);
  EXPECT_TRUE(List(settings).change("joe@y", Action::subscribe));
  EXPECT_EQ(mode_of(settings.list_file), 0744U);
  ::chmod(settings.list_file.c_str(), 0600);
  EXPECT_FALSE(List(settings).change("ann@y", Action::subscribe));
  EXPECT_EQ(mode_of(settings.list_file), 0700U);
  EXPECT_EQ(home.read(".qmail-list"), "&joe@y\n&ann@y\n");
  EXPECT_FALSE(home.has(".qtemp-list"));
}

TEST(QlistList, HasAKeyThatIsMadeOnce) {
  const test::TempHome home;
  const Settings settings = settings_in(home.path());
  home.write(".qmail-list-request", "");
  const std::string key = List(settings).key();
  EXPECT_EQ(key.size(), 64U);
  EXPECT_EQ(List(settings).key(), key);
  EXPECT_EQ(mode_of(settings.temporary_file + ".key"), 0600U);
  std::filesystem::remove(settings.temporary_file + ".key");
  EXPECT_NE(List(settings).key(), key);
}

TEST(QlistMessage, IsNoRequestIfItIsLong) {
  const test::TempHome home;
  home.write("message", "From: joe@y\n\n" + std::string(300000, 'x'));
  const Fd message = home.open().open_file("message");
  const test::FakeClock clock;
  const Settings settings = settings_in(home.path());
  const Process self{.name = "qlist",
                     .args = {settings.list, settings.request, settings.list_file, settings.request_file,
                              settings.temporary_file, settings.owner},
                     .invoked_as = "qlist",
                     .environment = {{"SENDER", "joe@y"}, {"DTLINE", "Delivered-To: me-list-request@x\n"}},
                     .clock = clock,
                     .real_uid = 0,
                     .in = message.get()};
  try {
    serve_request(self);
    FAIL();
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.code(), Exit::permanent);
    EXPECT_STREQ(failure.what(), "this message is too long for a request: more than 262144 bytes");
  }
  EXPECT_FALSE(home.has(".qtemp-list.key"));
}

}  // namespace
}  // namespace qmail::qlist
