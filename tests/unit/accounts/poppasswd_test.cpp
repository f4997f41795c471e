#include "core/accounts/poppasswd.h"

#include <gtest/gtest.h>

namespace qmail::accounts::poppasswd {
namespace {

const MailUser joe{.login = "joe", .hash = "$1$a$b", .user = "vmail", .home = "/home/joe"};

struct Row {
  std::string line, reason;
};

class BadLine : public testing::TestWithParam<Row> {};

TEST_P(BadLine, IsRefusedWithItsReason) {
  const auto parsed = parse_line(GetParam().line);
  const auto* reason = std::get_if<std::string>(&parsed);
  ASSERT_NE(reason, nullptr);
  EXPECT_NE(reason->find(GetParam().reason), std::string::npos) << *reason;
}

INSTANTIATE_TEST_SUITE_P(
    Poppasswd, BadLine,
    testing::Values(Row{"joe", "1 field and"}, Row{"joe:secret", "as cmd5checkpw's file"},
                    Row{"joe:x:vmail", "3 fields"}, Row{"joe:x:vmail:/home/joe:", "5 fields"},
                    Row{"joe:x:10:10:Joe:/home/joe:/bin/sh", "7 fields"}, Row{":x:vmail:/home", "empty"},
                    Row{"joe:x::/home", "no system user"}, Row{"joe:x:vmail:home", "slash"},
                    Row{"joe:x:vmail:", "slash"}, Row{std::string("joe:x:vm\0il:/home", 17), "NUL"},
                    Row{"joe:x:vmail:/home\r", "control"}, Row{"jo e:x:vmail:/home", "blank"},
                    Row{"../joe:x:vmail:/home", "start"}, Row{"a/b:x:vmail:/home", "slash"},
                    Row{"joe:" + std::string(2100, 'x') + ":vmail:/home", "2048"},
                    Row{std::string(300, 'j') + ":x:vmail:/home", "255"}));

TEST(Poppasswd, ReadsWhatItWrites) {
  EXPECT_EQ(line_of(joe), "joe:$1$a$b:vmail:/home/joe");
  EXPECT_EQ(std::get<MailUser>(parse_line(line_of(joe))), joe);
}

TEST(Poppasswd, TellsTheNumberOfALineThatIsWrong) {
  const auto parsed = parse("# note\n\njoe:$1$a$b:vmail:/home/joe\ncut:$1$\n");
  EXPECT_EQ(std::get<Problem>(parsed).line, 4U);
  EXPECT_EQ(std::get<std::vector<MailUser>>(parse("joe:$1$a$b:vmail:/home/joe")).front(), joe);
  EXPECT_TRUE(std::get<std::vector<MailUser>>(parse("")).empty());
}

TEST(Poppasswd, FindsTheFirstLineOfALogin) {
  const std::string text = "cut:\njo:x:a:/a\njoe:$1$a$b:vmail:/home/joe\njoe:y:b:/b";
  EXPECT_EQ(std::get<MailUser>(find(text, "joe")), joe);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(find(text, "j")));
  EXPECT_TRUE(std::holds_alternative<std::monostate>(find(text, "")));
  EXPECT_TRUE(std::holds_alternative<std::monostate>(find(text, "#")));
  EXPECT_EQ(std::get<Problem>(find(text, "cut")).line, 1U);
}

TEST(Poppasswd, ChangesOneLineAndNoOther) {
  const std::string others = "# a note\n\ncut\n";
  const std::string line = line_of(joe) + "\n";
  EXPECT_EQ(with(others, joe), others + line);
  EXPECT_EQ(with("joe:old:vmail:/x\n" + others + "joe:older:vmail:/x", joe),
            line + others + "joe:older:vmail:/x\n");
  EXPECT_EQ(with("", joe), line);
  EXPECT_EQ(with("other:x:a:/a", joe), "other:x:a:/a\n" + line);
  EXPECT_EQ(without(others + line + line, "joe"), others);
  EXPECT_EQ(without(others, "joe"), std::nullopt);
}

TEST(Poppasswd, ALineIsTheFirstOfItsLogin) {
  constexpr std::string_view text = "# joe:no\n\njo:one\njoe:two\njoe:three\njoe2:four\nlast:five";
  EXPECT_EQ(find_line(text, "jo")->text, "jo:one");
  EXPECT_EQ(find_line(text, "joe")->text, "joe:two");
  EXPECT_EQ(find_line(text, "joe2")->text, "joe2:four");
  EXPECT_EQ(find_line(text, "last")->text, "last:five");
  for (const char* login : {"j", "JOE", "# joe", "two", "joe:two", "joe:"})
    EXPECT_FALSE(find_line(text, login)) << login;
  EXPECT_FALSE(find_line("", "joe"));
}

}  // namespace
}  // namespace qmail::accounts::poppasswd
