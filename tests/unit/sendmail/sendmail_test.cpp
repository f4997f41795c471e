#include "core/programs/sendmail/sendmail.h"

#include <gtest/gtest.h>

#include "core/base/failure.h"
#include "core/base/program.h"

namespace qmail::sendmail {
namespace {

using Args = std::vector<std::string>;

/// The command that `args` come to, its words joined by blanks.
std::string command(const Args& args, std::string_view name = "sendmail") {
  const Order order = understand(args, name, {});
  if (!order.command) return "nothing";
  std::string text;
  for (const std::string& word : order.command->argv) text += (text.empty() ? "" : " ") + word;
  return text;
}

TEST(Sendmail, GivesTheMessageToQmailInject) {
  EXPECT_EQ(command({"ann", "bob"}), "bin/qmail-inject -a -- ann bob");
  EXPECT_EQ(command({"-t"}), "bin/qmail-inject -H --");
  EXPECT_EQ(command({"-t", "-fjoe@h", "ann"}), "bin/qmail-inject -H -f joe@h -- ann");
  EXPECT_EQ(command({"-bm", "--", "-x"}), "bin/qmail-inject -a -- -x");
}

TEST(Sendmail, IgnoresWhatOtherProgramsTellSendmail) {
  for (const Args& args : std::initializer_list<Args>{
           {"-i"},    {"-oi"},         {"-o", "em"},   {"-v"},         {"-x"},
           {"-m"},    {"-e", "m"},     {"-p", "SMTP"}, {"-B8BITMIME"}, {"-Efoo"},
           {"-JISO"}, {"-N", "never"}, {"-Rhdrs"},     {"-Vid"},       {"-L", "tag"},
           {"-q30m"}, {"-q"},          {"-G"},         {"-U"},         {"-X", "/tmp/log"}}) {
    Args with_recipient = args;
    with_recipient.push_back("ann");
    EXPECT_EQ(command(with_recipient), "bin/qmail-inject -a -- ann") << args.front();
  }
}

TEST(Sendmail, HasNothingToDoForAQueueRun) {
  EXPECT_EQ(command({"-q"}), "nothing");
  EXPECT_EQ(command({"-q15m"}), "nothing");
  EXPECT_EQ(command({"-q", "-t"}), "bin/qmail-inject -H --");
}

TEST(Sendmail, WarnsOfAnotherConfigurationFile) {
  const Order order = understand({"-C", "/etc/mail/sendmail.cf", "ann"}, "sendmail", {});
  EXPECT_TRUE(order.command.has_value());
  EXPECT_EQ(order.warnings,
            "sendmail: warning: -C /etc/mail/sendmail.cf ignored: "
            "qmail is configured by the files in control\n");
}

TEST(Sendmail, ListsTheQueue) {
  EXPECT_EQ(command({"-bp"}), "bin/qmail-qread");
  EXPECT_EQ(command({}, "/usr/bin/mailq"), "bin/qmail-qread");
  EXPECT_EQ(command({"-v"}, "mailq"), "bin/qmail-qread");
  EXPECT_EQ(command({"-bi"}), "bin/newaliases");
  EXPECT_EQ(command({}, "/usr/bin/newaliases"), "bin/newaliases");
}

TEST(Sendmail, ServesSmtpAsALocalClient) {
  const Order order = understand({"-bs", "-z"}, "sendmail", {{"USER", "joe"}});
  EXPECT_EQ(order.command->argv, Args{"bin/qmail-smtpd"});
  const Environment& environment = *order.command->environment;
  EXPECT_EQ(environment.find("RELAYCLIENT"), "");
  EXPECT_EQ(environment.get("DATABYTES"), "0");
  EXPECT_EQ(environment.get("TCPREMOTEINFO"), "sendmail-bs");
  EXPECT_EQ(environment.get("USER"), "joe");
}

TEST(Sendmail, LeavesAConnectionDescribedByTheEnvironmentAlone) {
  const Order order = understand({"-bs"}, "sendmail", {{"PROTO", "TCP"}});
  EXPECT_EQ(order.command->environment->find("RELAYCLIENT"), std::nullopt);
}

TEST(Sendmail, MakesTheSenderTheAuthor) {
  const Environment before{{"USER", "joe"}, {"QMAILNAME", "Joe"}, {"MAILHOST", "h"}, {"QMAILHOST", "i"}};
  const auto after = [&](const Args& args) {
    return *understand(args, "sendmail", before).command->environment;
  };
  const Environment with_host = after({"-f", "a@b@c", "-F", "Ann"});
  EXPECT_EQ(with_host.get("QMAILUSER"), "a@b");
  EXPECT_EQ(with_host.get("QMAILHOST"), "c");
  for (const std::string_view name : {"QMAILNAME", "MAILNAME", "NAME", "MAILHOST"})
    EXPECT_EQ(with_host.find(name), std::nullopt) << name;
  const Environment without_host = after({"-f", "ann"});
  EXPECT_EQ(without_host.get("QMAILUSER"), "ann");
  EXPECT_EQ(without_host.find("QMAILHOST"), std::nullopt);
  EXPECT_EQ(after({"-F", "Ann B"}).get("MAILNAME"), "Ann B");
}

TEST(Sendmail, RefusesWhatItCannotDo) {
  EXPECT_THROW(command({"-z"}), UsageError);
  EXPECT_THROW(command({"-bt"}), UsageError);
  EXPECT_THROW(command({"-b", ""}), UsageError);
  EXPECT_THROW(command({"-f"}), UsageError);
  EXPECT_THROW(command({"-bd"}), Failure);
}

}  // namespace
}  // namespace qmail::sendmail
