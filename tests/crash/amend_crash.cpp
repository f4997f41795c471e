// What the administrator orders, when the power fails or the disk fails it: at every point the queue is one
// that qmail-send goes on from, other messages are as they were, and what was answered stays so.
#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "core/queue/amendments.h"
#include "tests/crash/send_work.h"

namespace qmail::test {
namespace {

namespace fs = std::filesystem;
using queue::Amendments;
using queue::Number;
using queue::Part;

constexpr Number named = 457, other = 480, third = 503;  // in one folder

void put(const fs::path& home, Part part, Number number, const std::string& bytes) {
  std::ofstream(home / "queue" / name_of(part, number)) << bytes;
}

/// Three messages, each with a recipient on either channel and one failure to report.
void prepare(const fs::path& home) {
  prepare_home(home);
  fs::create_directory(home / "control");
  std::ofstream(home / "control/me") << "here.example\n";
  std::ofstream(home / "queue/lock/sendmutex");
  for (const Number number : {named, other, third}) {
    const std::string tag = std::to_string(number);
    put(home, Part::mess, number, "Subject: x\n\nthe message\n");
    put(home, Part::info, number, records({"Fme@here.example"}));
    put(home, Part::local, number,
        records({"Dold" + tag + "@here.example", "Tnear" + tag + "@here.example"}));
    put(home, Part::remote, number, records({"Tfar" + tag + "@there.example"}));
    put(home, Part::bounce, number, "<bad" + tag + "@here.example>:\nno such user\n\n");
  }
}

using Change = std::function<bool(Amendments&)>;

class AmendCrash {
 public:
  /// `wanted`: of what qmail-send does for the message named, and tells, after the change; the rest it must
  /// not do.
  AmendCrash(Change change, Problems wanted) : change_(std::move(change)), wanted_(std::move(wanted)) {}

  Scenario scenario() {
    return {.prepare =
                [this](const fs::path& home) {
                  prepare(home);
                  bounces_ = std::make_unique<FakeQueue>();
                },
            .run =
                [this](const fs::path& home, Witness& witness) {
                  const queue::Layout layout = queue::Layout::open(Directory::open(home.string()));
                  queue::Names names(layout);
                  const queue::Routing routing;
                  Amendments amendments(names, routing, [](const queue::Trouble&) {});
                  if (change_(amendments)) witness.tell("answered");
                  return 0;
                },
            .problems = [this](const fs::path& home, const Ended& ended) { return problems(home, ended); }};
  }

 private:
  /// All that qmail-send does next: recipients it delivers to, and those it tells the senders of.
  std::vector<std::string> go_on(const fs::path& home) const {
    const queue::Layout layout = queue::Layout::open(Directory::open(home.string()));
    auto told = tell_in_child([&](const Tell& tell) {
      run_send({.home = home,
                .deliver =
                    [&](const queue::DeliveryRequest& request) {
                      tell(request.recipients.front());
                      return "Kdone\n";
                    },
                .environment = {{"QMAILQUEUE", bounces_->program()}, {"PATH", "/usr/bin:/bin"}},
                .is_finished = [&] { return is_over(layout); },
                .patience = std::chrono::milliseconds(500)});
    });
    const std::string bounces = bounces_->told();
    for (const std::string_view line : split(bounces, '\n'))
      if (!line.empty()) told.emplace_back(line);
    // Of each form in which the same crash may leave the queue.
    std::sort(told.begin(), told.end());
    told.erase(std::unique(told.begin(), told.end()), told.end());
    return told;
  }

  Problems problems(const fs::path& home, const Ended& ended) const {
    const queue::Layout layout = queue::Layout::open(Directory::open(home.string()));
    Problems found;
    for (const Number number : {named, other})
      if (classify(files_of(layout, number)) != queue::State::preprocessed)
        found.push_back(std::to_string(number) + " is in no state to be delivered");
    const auto told = go_on(home);
    for (const std::string line : {"near480@here.example", "far480@there.example", "<bad480@here.example>:"})
      if (!contains(told, line)) found.push_back("of another message: no " + line);
    if (!ended.has_told("answered")) return found;
    Problems of_named;
    std::copy_if(told.begin(), told.end(), std::back_inserter(of_named),
                 [](const std::string& line) { return line.find("457") != std::string::npos; });
    if (of_named != wanted_) {
      found.push_back("after the answer:");
      found.insert(found.end(), of_named.begin(), of_named.end());
    }
    return found;
  }

  Change change_;
  Problems wanted_;
  std::unique_ptr<FakeQueue> bounces_;
};

bool remove(Amendments& amendments) {
  return amendments.remove(std::vector<queue::Amended>{{.number = named}}).front();
}
bool bounce(Amendments& amendments) {
  return amendments.bounce(std::vector<queue::Amended>{{.number = named}}, "spam").front();
}
bool hold(Amendments& amendments) { return amendments.hold(std::vector{named}, true).front(); }
/// Whose own sync is not that of the one named.
bool hold_with_another(Amendments& amendments) {
  return amendments.hold(std::vector{named, third}, true) == std::vector{true, true};
}
/// While somebody delivers to the local recipient.
bool remove_in_use(Amendments& amendments) {
  constexpr std::uint64_t position = sizeof "Dold457@here.example";
  queue::Amended message{.number = named};
  message.channels[0] = {.is_in_use = true, .running = {position}};
  message.channels[1] = {.is_in_use = true};
  return amendments.remove(std::vector{message}).front();
}

const Problems of_bounce{"<bad457@here.example>:", "<far457@there.example>:", "<near457@here.example>:"};

TEST(AmendPowerFailure, ADeletionIsWholeOnceItIsAnswered) {
  EXPECT_EQ(stop_at_every_call(AmendCrash(remove, {}).scenario()), Problems{});
  EXPECT_EQ(stop_at_every_call(AmendCrash(remove, {}).scenario(), {.keeps_order = true}), Problems{});
}

TEST(AmendPowerFailure, ABounceIsWholeOnceItIsAnswered) {
  EXPECT_EQ(stop_at_every_call(AmendCrash(bounce, of_bounce).scenario()), Problems{});
  EXPECT_EQ(stop_at_every_call(AmendCrash(bounce, of_bounce).scenario(), {.keeps_order = true}), Problems{});
}

TEST(AmendPowerFailure, AHeldMessageIsNotTriedOnceItIsAnswered) {
  EXPECT_EQ(stop_at_every_call(AmendCrash(hold, {}).scenario()), Problems{});
  for (const bool keeps_order : {false, true})
    EXPECT_EQ(stop_at_every_call(AmendCrash(hold_with_another, {}).scenario(), {.keeps_order = keeps_order}),
              Problems{});
}

TEST(AmendPowerFailure, DeletingBesideADeliveryIsWholeOnceItIsAnswered) {
  EXPECT_EQ(stop_at_every_call(AmendCrash(remove_in_use, {"near457@here.example"}).scenario()), Problems{});
}

TEST(AmendPowerFailure, IsSeenToComeBackWhereDirectoriesAreNotSynced) {
  EXPECT_NE(stop_at_every_call(AmendCrash(remove, {}).scenario(), {.directory_syncs_work = false}),
            Problems{});
}

TEST(AmendTrouble, NothingIsAnsweredThatIsNotSo) {
  const auto fails = [](const Change& change, const Problems& wanted) {
    return trouble_at_every_call(AmendCrash(change, wanted).scenario(),
                                 {.kind = Trouble::Kind::fail, .error = EIO});
  };
  EXPECT_EQ(fails(remove, {}), Problems{});
  EXPECT_EQ(fails(bounce, of_bounce), Problems{});
  EXPECT_EQ(fails(hold, {}), Problems{});
  EXPECT_EQ(fails(hold_with_another, {}), Problems{});
}

}  // namespace
}  // namespace qmail::test
