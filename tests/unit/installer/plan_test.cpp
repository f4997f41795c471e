#include <algorithm>
#include <gtest/gtest.h>

#include "installer/plan/plan_install.h"
#include "installer/plan/plan_remove.h"
#include "installer/plan/settings.h"

namespace qmail::plan {
namespace {

using dialogue::Text;
using facts::Facts;
using facts::Object;
using hier::Type;

const dialogue::Answers answers{.host_name = "mx.example.org", .domains = {"example.org"}, .postmaster = ""};

std::vector<hier::Entry> small_manifest() {
  return *hier::parse_manifest(
      ".:d:root:qmail:0755:\ncontrol:d:root:qmail:0755:\nusers:d:root:qmail:0755:\nbin:d:root:qmail:0755:\n"
      "alias:d:alias:qmail:2755:\nqueue:d:qmailq:qmail:0750:queue\nqueue/todo:d:qmailq:qmail:0750:queue\n"
      "queue/lock:d:qmailq:qmail:0750:queue\nqueue/lock/tcpto:f:qmailr:qmail:0644:queue,zeros=1024\n"
      "queue/lock/trigger:p:qmails:qmail:0622:queue\nbin/qmail-queue:f:qmailq:qmail:4711:program\n"
      "bin/mailq:l:root:qmail:0777:to=sendmail\n");
}

/// A machine on which the build has been placed and nothing else.
Facts fresh_machine() {
  Facts facts;
  facts.host_name = "mx.example.org";
  facts.free_bytes = facts.free_inodes = std::uint64_t{1} << 40;
  facts.accounts = {.users = {{"root", 0, 0, "/root"}, {"someone", 998, 998, "/"}},
                    .groups = {{"root", 0}, {"other", 999}}};
  facts.objects["/var/qmail"] = facts.objects["/var/qmail/bin"] = {.type = Type::directory, .mode = 0755};
  facts.objects["/var/qmail/bin/qmail-queue"] = {.type = Type::file, .mode = 0711};
  facts.objects["/var/qmail/bin/mailq"] = {.type = Type::link, .mode = 0777, .target = "sendmail"};
  facts.objects["/usr/sbin"] = {.type = Type::directory, .mode = 0755};
  facts.units["qmail-send.service"] = {};
  return facts;
}

/// The facts after a plan was carried out; what it made is the installer's.
class Outcome {
 public:
  explicit Outcome(Facts facts) : facts_(std::move(facts)) {}
  Facts of(const transaction::Plan& plan) {
    for (const transaction::Step& step : plan.steps) std::visit(*this, step);
    return facts_;
  }

  void operator()(const transaction::AddGroup& s) {
    facts_.accounts.groups.push_back({s.name, s.gid});
    facts_.ours.groups.insert(s.name);
  }
  void operator()(const transaction::AddUser& s) {
    facts_.accounts.users.push_back({s.name, s.uid, facts_.accounts.find_group(s.group)->gid, s.home});
    facts_.ours.users.insert(s.name);
  }
  void operator()(const transaction::MakeDirectory& s) { make(s, Type::directory); }
  void operator()(const transaction::MakeFifo& s) { make(s, Type::fifo); }
  void operator()(const transaction::PutFile& s) {
    make(s, Type::file);
    facts_.objects[s.path].content = s.content;
  }
  void operator()(const transaction::MakeSymlink& s) {
    facts_.objects[s.path] = {.type = Type::link, .mode = 0777, .target = s.target};
    facts_.ours.paths.insert(s.path);
  }
  void operator()(const transaction::SetMode& s) { set(facts_.objects[s.path], s); }
  void operator()(const transaction::Remove& s) { facts_.objects.erase(s.path); }
  void operator()(const transaction::RemoveUser& s) {
    std::erase_if(facts_.accounts.users, [&](const auto& user) { return user.name == s.name; });
  }
  void operator()(const transaction::RemoveGroup& s) {
    std::erase_if(facts_.accounts.groups, [&](const auto& group) { return group.name == s.name; });
  }
  void operator()(const transaction::RunService& s) {
    if (s.verb == "start" || s.verb == "stop") facts_.units[s.unit].active = s.verb == "start";
    if (s.verb == "enable" || s.verb == "disable") facts_.units[s.unit].enabled = s.verb == "enable";
  }

 private:
  void set(Object& object, const auto& s) {
    object.uid = facts_.accounts.find_user(s.owner)->uid;
    object.gid = facts_.accounts.find_group(s.group)->gid;
    object.mode = s.mode;
  }
  void make(const auto& s, Type type) {
    facts_.objects[s.path] = {.type = type};
    set(facts_.objects[s.path], s);
    facts_.ours.paths.insert(s.path);
  }

  Facts facts_;
};

Facts installed_machine() {
  return Outcome(fresh_machine()).of(plan_install(fresh_machine(), answers, small_manifest()).plan);
}

bool has_finding(const Planned& planned, Text text) {
  return std::any_of(planned.findings.begin(), planned.findings.end(),
                     [&](const Finding& finding) { return finding.message.text == text; });
}

TEST(PlanInstall, LeadsToTheWholeInstallation) {
  const Facts facts = installed_machine();
  EXPECT_EQ(facts.objects.at("/var/qmail/bin/qmail-queue").mode, mode_t{04711});
  EXPECT_EQ(facts.objects.at("/var/qmail/bin/qmail-queue").uid, facts.accounts.find_user("qmailq")->uid);
  EXPECT_EQ(facts.objects.at("/var/qmail/control/me").content, "mx.example.org\n");
  EXPECT_EQ(facts.objects.at("/var/qmail/control/locals").content,
            "mx.example.org\nlocalhost\nexample.org\n");
  EXPECT_EQ(facts.objects.at("/var/qmail/control/rcpthosts").content, "mx.example.org\nexample.org\n");
  EXPECT_EQ(facts.objects.at("/var/qmail/alias/.qmail-postmaster").content, "./Maildir/\n");
  EXPECT_EQ(facts.objects.at("/var/qmail/alias/Maildir/new").mode, mode_t{0700});
  EXPECT_EQ(facts.objects.at("/usr/sbin/sendmail").target, "/var/qmail/bin/sendmail");
  EXPECT_EQ(facts.objects.at("/var/qmail/queue/lock/tcpto").content.size(), 1024U);
  EXPECT_TRUE(facts.units.at("qmail-send.service").active);
}

TEST(PlanInstall, PlannedAgainItIsEmpty) {
  const Planned again = plan_install(installed_machine(), answers, small_manifest());
  EXPECT_TRUE(again.plan.steps.empty()) << transaction::to_json(again.plan);
  EXPECT_TRUE(again.is_possible());
}

TEST(PlanInstall, GivesNewUsersTheHighestFreeSystemIds) {
  const Facts facts = installed_machine();
  EXPECT_EQ(facts.accounts.find_group("qmail")->gid, 998U);
  EXPECT_EQ(facts.accounts.find_group("nofiles")->gid, 997U);
  EXPECT_EQ(facts.accounts.find_user("alias")->uid, 999U);
  EXPECT_EQ(facts.accounts.find_user("qmaild")->uid, 997U);
  EXPECT_EQ(facts.objects.at("/var/qmail/users/ids").content,
            "alias:999:997\nqmaild:997:997\nqmaill:996:997\nqmailp:995:997\nqmailq:994:998\nqmailr:993:998\n"
            "qmails:992:998\n");
}

TEST(PlanInstall, MakesTheUserOfTlsWhereItIsAskedFor) {
  dialogue::Answers with_tls = answers;
  with_tls.tls = true;
  const Facts facts =
      Outcome(fresh_machine()).of(plan_install(fresh_machine(), with_tls, small_manifest()).plan);
  EXPECT_NE(facts.accounts.find_user("qmailt"), nullptr);
  EXPECT_NE(facts.objects.at("/var/qmail/users/ids").content.find("qmailt:991:997\n"), std::string::npos);
  // Who installs again without saying so takes nothing away.
  EXPECT_TRUE(plan_install(facts, answers, small_manifest()).plan.steps.empty());
}

TEST(PlanInstall, MakesTheUserOfTlsWhereThereIsACertificate) {
  Facts facts = installed_machine();
  EXPECT_EQ(facts.accounts.find_user("qmailt"), nullptr);
  facts.objects["/var/qmail/control/servercert.pem"] = {.type = Type::file, .mode = 0600};
  const Facts after = Outcome(facts).of(plan_install(facts, answers, small_manifest()).plan);
  EXPECT_NE(after.accounts.find_user("qmailt"), nullptr);
  EXPECT_NE(after.objects.at("/var/qmail/users/ids").content.find("qmailt:"), std::string::npos);
}

TEST(PlanInstall, TakesUsersThatAreThere) {
  Facts facts = fresh_machine();
  facts.accounts.groups.push_back({"qmail", 2107});
  facts.accounts.users.push_back({"qmailq", 7794, 2107, "/var/qmail"});
  const Planned planned = plan_install(facts, answers, small_manifest());
  EXPECT_TRUE(planned.is_possible());
  const Facts after = Outcome(facts).of(planned.plan);
  EXPECT_NE(after.objects.at("/var/qmail/users/ids").content.find("qmailq:7794:2107\n"), std::string::npos);
  EXPECT_FALSE(after.ours.users.contains("qmailq"));
}

TEST(PlanInstall, RefusesAUserOfThatNameWithAnotherGroup) {
  Facts facts = fresh_machine();
  facts.accounts.users.push_back({"qmailq", 7794, 0, "/var/qmail"});
  const Planned planned = plan_install(facts, answers, small_manifest());
  EXPECT_FALSE(planned.is_possible());
  EXPECT_TRUE(has_finding(planned, Text::account_with_other_group));
}

TEST(PlanInstall, LeavesSettingsThatExist) {
  Facts facts = installed_machine();
  facts.objects["/var/qmail/control/me"].content = "other.example.org\n";
  facts.objects["/var/qmail/control/rcpthosts"].content = "";
  facts.objects.erase("/var/qmail/control/concurrencyremote");
  EXPECT_TRUE(plan_install(facts, answers, small_manifest()).plan.steps.empty());
}

TEST(PlanInstall, BadMailFromHoldsPatternsOnlyWhereNobodyHasWrittenIt) {
  const std::string path = "/var/qmail/control/badpatterns";
  const auto made = [](const Facts& facts) {
    return Outcome(facts).of(plan_install(facts, answers, small_manifest()).plan).objects;
  };
  EXPECT_EQ(made(fresh_machine()).at(path).content, "badmailfrom\n");
  Facts old = fresh_machine();
  old.objects["/var/qmail/control/badmailfrom"] = {.type = Type::file, .content = "a@b\n"};
  EXPECT_FALSE(made(old).contains(path));
  Facts installed = installed_machine();
  installed.objects.erase(path);
  EXPECT_FALSE(made(installed).contains(path));
}

TEST(PlanInstall, DoesNotCompileRulesThatAreNotItsOwn) {
  Facts facts = fresh_machine();
  facts.objects[rules_path] = {.type = Type::file, .content = ":deny\n"};
  const Planned planned = plan_install(facts, answers, small_manifest());
  EXPECT_TRUE(has_finding(planned, Text::rules_without_cdb));
  EXPECT_FALSE(Outcome(facts).of(planned.plan).objects.contains(std::string(rules_path) + ".cdb"));
}

TEST(PlanInstall, ForwardsPostmasterMailWhenTold) {
  dialogue::Answers told = answers;
  told.postmaster = "me@example.net";
  const Facts facts = Outcome(fresh_machine()).of(plan_install(fresh_machine(), told, small_manifest()).plan);
  EXPECT_EQ(facts.objects.at("/var/qmail/alias/.qmail-root").content, "&me@example.net\n");
  EXPECT_FALSE(facts.objects.contains("/var/qmail/alias/Maildir"));
}

TEST(PlanInstall, LeavesAnotherMailSystemsCommands) {
  Facts facts = fresh_machine();
  facts.objects["/usr/sbin/sendmail"] = {.type = Type::file, .mode = 0755};
  const Planned planned = plan_install(facts, answers, small_manifest());
  EXPECT_TRUE(planned.is_possible());
  EXPECT_TRUE(has_finding(planned, Text::mail_command_taken));
  EXPECT_EQ(Outcome(facts).of(planned.plan).objects.at("/usr/sbin/sendmail").target, "");
}

struct Obstacle {
  const char* what;
  Text text;
  void (*put)(Facts&);
};

TEST(PlanInstall, StopsAtEveryObstacle) {
  const Obstacle obstacles[] = {
      {"not root", Text::not_root, [](Facts& facts) { facts.is_root = false; }},
      {"no room", Text::low_space, [](Facts& facts) { facts.free_bytes = 1000; }},
      {"no inodes", Text::low_space, [](Facts& facts) { facts.free_inodes = 10; }},
      {"network", Text::network_queue, [](Facts& facts) { facts.queue_storage = facts::Storage::network; }},
      {"port", Text::port_taken,
       [](Facts& facts) {
         facts.smtp_listeners = {{"0.0.0.0", 7, "/usr/sbin/exim4"}};
       }},
      {"not placed", Text::not_placed,
       [](Facts& facts) { facts.objects.erase("/var/qmail/bin/qmail-queue"); }},
      {"in the way", Text::wrong_type,
       [](Facts& facts) { facts.objects["/var/qmail/control"].type = Type::file; }},
  };
  for (const Obstacle& obstacle : obstacles) {
    Facts facts = fresh_machine();
    obstacle.put(facts);
    const Planned planned = plan_install(facts, answers, small_manifest());
    EXPECT_FALSE(planned.is_possible()) << obstacle.what;
    EXPECT_TRUE(has_finding(planned, obstacle.text)) << obstacle.what;
  }
}

TEST(PlanInstall, OurOwnListenerIsNoObstacle) {
  Facts facts = fresh_machine();
  facts.smtp_listeners = {{"0.0.0.0", 7, "/var/qmail/bin/tcpserver"}};
  EXPECT_TRUE(plan_install(facts, answers, small_manifest()).is_possible());
}

TEST(PlanRemove, TakesAwayEverythingThatWasInstalled) {
  const Planned planned = plan_remove(installed_machine(), small_manifest(), false);
  EXPECT_TRUE(planned.is_possible());
  const Facts facts = Outcome(installed_machine()).of(planned.plan);
  EXPECT_EQ(facts.objects.size(), 1U);
  EXPECT_TRUE(facts.objects.contains("/usr/sbin"));
  EXPECT_EQ(facts.accounts.users.size(), 2U);
  EXPECT_EQ(facts.accounts.groups.size(), 2U);
  EXPECT_FALSE(facts.units.at("qmail-send.service").active);
  EXPECT_TRUE(plan_remove(facts, small_manifest(), false).plan.steps.empty());
}

TEST(PlanRemove, KeepsWhatIsNotOursAndWhatWasChanged) {
  Facts facts = installed_machine();
  facts.objects["/var/qmail/control/foreign"] = {.type = Type::file};
  facts.ours.paths.erase("/var/qmail/control/me");
  facts.ours.changed.insert("/var/qmail/control/me");
  facts.ours.users.erase("qmails");
  const Planned planned = plan_remove(facts, small_manifest(), false);
  EXPECT_TRUE(has_finding(planned, Text::kept_foreign));
  EXPECT_TRUE(has_finding(planned, Text::kept_changed));
  const Facts after = Outcome(facts).of(planned.plan);
  for (const char* path :
       {"/var/qmail", "/var/qmail/control", "/var/qmail/control/me", "/var/qmail/control/foreign"})
    EXPECT_TRUE(after.objects.contains(path)) << path;
  EXPECT_FALSE(after.objects.contains("/var/qmail/control/locals"));
  EXPECT_NE(after.accounts.find_user("qmails"), nullptr);
  EXPECT_EQ(after.accounts.find_user("qmailq"), nullptr);
}

TEST(PlanRemove, MailInTheQueueIsInTheWayUnlessTheQueueIsKept) {
  Facts facts = installed_machine();
  facts.queued_messages = 3;
  EXPECT_TRUE(has_finding(plan_remove(facts, small_manifest(), false), Text::queue_not_empty));
  EXPECT_FALSE(plan_remove(facts, small_manifest(), false).is_possible());
  const Planned planned = plan_remove(facts, small_manifest(), true);
  EXPECT_TRUE(planned.is_possible());
  const Facts after = Outcome(facts).of(planned.plan);
  EXPECT_TRUE(after.objects.contains("/var/qmail/queue/lock/tcpto"));
  EXPECT_TRUE(after.objects.contains("/var/qmail"));
  EXPECT_FALSE(after.objects.contains("/var/qmail/bin"));
  EXPECT_NE(after.accounts.find_user("qmailq"), nullptr);
}

TEST(PlanRemove, ARunningQmailSendIsInTheWay) {
  Facts facts = installed_machine();
  facts.units.clear();
  facts.sending = true;
  EXPECT_TRUE(has_finding(plan_remove(facts, small_manifest(), false), Text::still_sending));
}

TEST(Settings, DomainsAreThoseOfConfigFast) {
  struct Row {
    const char *host, *default_domain, *plus_domain;
  };
  for (const auto& [host, wanted_default, wanted_plus] :
       {Row{"mx.example.org", "example.org", "example.org"},
        Row{"a.b.example.org", "b.example.org", "example.org"},
        Row{"example.org", "example.org", "example.org"}, Row{"host", "host", "host"}}) {
    EXPECT_EQ(default_domain(host), wanted_default) << host;
    EXPECT_EQ(plus_domain(host), wanted_plus) << host;
  }
}

}  // namespace
}  // namespace qmail::plan
