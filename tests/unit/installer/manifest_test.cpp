#include "installer/hier/manifest.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace qmail::hier {
namespace {

TEST(Manifest, ReadsEveryFieldOfALine) {
  const auto entry = parse_entry("bin/qmail-queue:f:qmailq:qmail:4711:program");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->path(), "/var/qmail/bin/qmail-queue");
  EXPECT_EQ(entry->type, Type::file);
  EXPECT_EQ(entry->owner, "qmailq");
  EXPECT_EQ(entry->group, "qmail");
  EXPECT_EQ(entry->mode, mode_t{04711});
  EXPECT_TRUE(entry->program);
  EXPECT_TRUE(entry->placed_by_build());
}

TEST(Manifest, KnowsTheHomeItselfAndAbsoluteNames) {
  EXPECT_EQ(parse_entry(".:d:root:qmail:0755:")->path(), "/var/qmail");
  EXPECT_EQ(parse_entry("/usr/lib/x:f:root:root:0644:from=a/b")->path(), "/usr/lib/x");
  EXPECT_EQ(parse_entry("/usr/lib/x:f:root:root:0644:from=a/b")->from, "a/b");
}

TEST(Manifest, ReadsFlagsWithValues) {
  EXPECT_EQ(parse_entry("queue/lock/tcpto:f:qmailr:qmail:0644:queue,zeros=1024")->zeros, 1024U);
  EXPECT_EQ(parse_entry("bin/mailq:l:root:qmail:0777:to=sendmail")->to, "sendmail");
}

TEST(Manifest, RefusesLinesThatDoNotFollowTheFormat) {
  for (const char* line : {"",
                           "bin",
                           "bin:d:root:qmail:0755",
                           "bin:d:root:qmail:0755::",
                           "bin:x:root:qmail:0755:",
                           "bin:dd:root:qmail:0755:",
                           "bin:d:root:qmail:755:",
                           "bin:d:root:qmail:0855:",
                           "bin:d::qmail:0755:",
                           "bin:d:root::0755:",
                           ":d:root:qmail:0755:",
                           "bin/:d:root:qmail:0755:",
                           "../x:d:root:qmail:0755:",
                           "a/../b:d:root:qmail:0755:",
                           "/:d:root:qmail:0755:",
                           "bin:d:root:qmail:0755:unknown",
                           "bin:d:root:qmail:0755:queue,",
                           "a:f:root:qmail:0755:split",
                           "a:f:root:qmail:0755:to=b",
                           "a:l:root:qmail:0777:",
                           "a:f:root:qmail:0644:zeros=-1",
                           "a:f:root:qmail:0644:zeros=",
                           "a:f:root:qmail:0644:program=yes",
                           "a:f:root:qmail:0644:from"})
    EXPECT_FALSE(parse_entry(line)) << line;
}

TEST(Manifest, PutsTheSubdirectoriesOfASplitDirectoryBehindIt) {
  const auto entries =
      parse_manifest("# comment\n\nqueue/mess:d:qmailq:qmail:0750:queue,split\nbin:d:root:qmail:0755:\n");
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 25U);
  EXPECT_EQ((*entries)[1].name, "queue/mess/0");
  EXPECT_EQ((*entries)[23].name, "queue/mess/22");
  EXPECT_EQ((*entries)[23].mode, mode_t{0750});
  EXPECT_EQ((*entries)[24].name, "bin");
}

TEST(Manifest, RefusesAnObjectNamedTwice) {
  EXPECT_FALSE(parse_manifest("bin:d:root:qmail:0755:\nbin:d:root:qmail:0700:\n"));
}

TEST(Manifest, TheCompiledInOneFollowsItsFormatAndNamesParentsFirst) {
  const auto entries = read_manifest();
  std::vector<std::string> seen;
  for (const Entry& entry : entries) {
    const std::string parent = entry.path().substr(0, entry.path().rfind('/'));
    const bool is_listed = std::find(seen.begin(), seen.end(), parent) != seen.end();
    EXPECT_TRUE(is_listed || !parent.starts_with(home)) << entry.name;
    seen.push_back(entry.path());
  }
}

TEST(Manifest, OnlyQmailQueueIsSetuid) {
  for (const Entry& entry : read_manifest())
    EXPECT_EQ((entry.mode & 04000) != 0, entry.name == "bin/qmail-queue") << entry.name;
}

}  // namespace
}  // namespace qmail::hier
