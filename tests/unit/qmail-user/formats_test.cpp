#include "core/programs/qmail-user/formats.h"

#include <gtest/gtest.h>

#include "core/accounts/vida.h"
#include "core/base/program.h"

const qmail::ProgramText qmail::program_text{"qmail-user", "", "", ""};

namespace qmail::user {
namespace {

const std::string cdb = accounts::vida::build_users({{"joe", {"h", "joe", "s"}}}).value();

Format detected(std::string_view bytes) { return std::get<Format>(detect_format(bytes)); }
bool is_unclear(std::string_view bytes) { return std::holds_alternative<std::string>(detect_format(bytes)); }

TEST(Formats, AreToldByTheirFields) {
  EXPECT_EQ(detected("root:x:0:0::/root:/bin/sh\n\n# note\njoe:x:1:1::/home/joe:\n"), Format::passwd);
  EXPECT_EQ(detected("joe:$1$a$b:joe:/home/joe"), Format::poppasswd);
  EXPECT_EQ(detected("joe::joe:/home/joe\nann:abdqmmqJeSFpk:ann:/a\ngone:!none!:a:/a\n"), Format::poppasswd);
  EXPECT_EQ(detected("joe:secret\nann:other\n"), Format::cmd5);
  EXPECT_EQ(detected(cdb), Format::vida);
}

TEST(Formats, AreNotGuessed) {
  for (const char* text : {"", "\n# note\n", "joe\n", "joe:a:b\n", "joe:a\nann:a:b\n", "joe:$1$a$b\n",
                           "joe:{SHA}x\n", "joe:p:w:d\n", "joe:password:word:/x\n", "a:b:c:d:e\n"})
    EXPECT_TRUE(is_unclear(text)) << text;
  EXPECT_TRUE(is_unclear(cdb.substr(0, 100)));
}

TEST(Formats, GiveTheirUsers) {
  const auto passwd = std::get<std::vector<Foreign>>(
      parse_list(Format::passwd, "root:x:0:0::/root:/bin/sh\njoe:$1$a$b:1:1:J:/home/joe:/bin/sh\n"));
  ASSERT_EQ(passwd.size(), 1U);
  EXPECT_EQ(passwd.front().user,
            (accounts::MailUser{.login = "joe", .hash = "!none!", .user = "joe", .home = "/home/joe"}));
  const auto cmd5 = std::get<std::vector<Foreign>>(parse_list(Format::cmd5, "joe:pa:ss"));
  EXPECT_EQ(cmd5.front().password, "pa:ss");
  EXPECT_EQ(cmd5.front().user.login, "joe");
  const auto vida = std::get<std::vector<Foreign>>(parse_list(Format::vida, cdb));
  EXPECT_EQ(vida.front().user,
            (accounts::MailUser{.login = "joe", .hash = "h", .home = "joe", .secret = "s"}));
}

TEST(Formats, NameTheLineThatIsWrong) {
  const auto line_of = [](Format format, std::string_view bytes) {
    return std::get<accounts::poppasswd::Problem>(parse_list(format, bytes)).line;
  };
  EXPECT_EQ(line_of(Format::passwd, "# x\njoe:x:1:1:J:/home/joe\n"), 2U);
  EXPECT_EQ(line_of(Format::passwd, "joe:x:-1:1:J:/home/joe:/bin/sh\n"), 1U);
  EXPECT_EQ(line_of(Format::poppasswd, "joe:x:joe\n"), 1U);
  EXPECT_EQ(line_of(Format::cmd5, "\njoe:\n"), 2U);
  EXPECT_EQ(line_of(Format::cmd5, "joe\n"), 1U);
  EXPECT_EQ(line_of(Format::cmd5, ":x\n"), 1U);
  EXPECT_EQ(line_of(Format::vida, "x"), 0U);
}

}  // namespace
}  // namespace qmail::user
