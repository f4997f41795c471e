// qmail-send when the power fails, or the disk fails it: whatever it was doing, every recipient gets the
// message or its sender a bounce, once qmail-send runs again.
#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>

#include "tests/crash/send_work.h"

namespace qmail::test {
namespace {

namespace fs = std::filesystem;

constexpr queue::Number number = 457;

/// One message in todo, with a recipient each for success and failure on local and success on remote.
void prepare(const fs::path& home, const std::function<void(const fs::path& queue)>& fill) {
  prepare_home(home);
  fs::create_directory(home / "control");
  std::ofstream(home / "control/me") << "here.example\n";
  std::ofstream(home / "queue/lock/sendmutex");
  std::ofstream(home / "queue" / name_of(queue::Part::mess, number)) << "Subject: x\n\nthe message\n";
  fill(home / "queue");
}

void write_file(const fs::path& queue, queue::Part part, const std::string& bytes) {
  std::ofstream(queue / name_of(part, number)) << bytes;
}

const std::string todo = records(
    {"u1000", "p4711", "Fme@here.example", "Tgood@here.example", "Tbad@here.example", "Tfar@there.example"});

void fill_new(const fs::path& queue) { write_file(queue, queue::Part::todo, todo); }

/// An earlier attempt got half way.
void fill_half_preprocessed(const fs::path& queue) {
  fill_new(queue);
  write_file(queue, queue::Part::intd, todo);
  write_file(queue, queue::Part::info, "");
  write_file(queue, queue::Part::local, "Tgood@he");
}

/// Delivered but for one failure that was noted and not yet marked.
void fill_noted(const fs::path& queue) {
  write_file(queue, queue::Part::info, records({"Fme@here.example"}));
  write_file(queue, queue::Part::local, records({"Tgood@here.example", "Tbad@here.example"}));
  write_file(queue, queue::Part::remote, records({"Tfar@there.example"}));
  write_file(queue, queue::Part::bounce, "<bad@here.example>:\nno such user\n\n");
}

int send_all(const fs::path& home, const FakeQueue& bounces, const Tell& tell) {
  const queue::Layout layout = queue::Layout::open(Directory::open(home.string()));
  run_send({.home = home,
            .deliver =
                [&](const queue::DeliveryRequest& request) {
                  if (request.recipients.front().starts_with("bad")) return "Dno such user\n";
                  tell("delivered " + request.recipients.front());
                  return "Kdone\n";
                },
            .environment = {{"QMAILQUEUE", bounces.program()}, {"PATH", "/usr/bin:/bin"}},
            .is_finished = [&] { return is_over(layout); },
            .patience = std::chrono::milliseconds(500)});
  return 0;
}

/// So that what was deferred is due.
void make_old(const fs::path& home) {
  for (const queue::Part part : {queue::Part::local, queue::Part::remote})
    if (const fs::path list = home / "queue" / name_of(part, number); fs::exists(list))
      fs::last_write_time(list, fs::file_time_type::clock::now() - std::chrono::hours(1));
}

/// What another qmail-send makes of what is left.
std::vector<std::string> restart(const fs::path& home, const FakeQueue& bounces) {
  make_old(home);
  return tell_in_child([&](const Tell& tell) { send_all(home, bounces, tell); });
}

class SendCrash {
 public:
  Scenario scenario(const std::function<void(const fs::path& queue)>& fill) {
    return {.prepare =
                [=, this](const fs::path& home) {
                  prepare(home, fill);
                  bounces_ = std::make_unique<FakeQueue>();
                },
            .run =
                [this](const fs::path& home, Witness& witness) {
                  return send_all(home, *bounces_, [&](const std::string& line) { witness.tell(line); });
                },
            .problems = [this](const fs::path& home, const Ended& ended) { return problems(home, ended); }};
  }

 private:
  Problems problems(const fs::path& home, const Ended& ended) const {
    const queue::Layout layout = queue::Layout::open(Directory::open(home.string()));
    Problems found;
    if (!classify(files_of(layout, number))) found.push_back("illegal state");
    const auto told = restart(home, *bounces_);
    for (const std::string recipient : {"good@here.example", "far@there.example"})
      if (!ended.has_told("delivered " + recipient) && !contains(told, "delivered " + recipient))
        found.push_back(recipient + " is lost");
    if (bounces_->told().find("<bad@here.example>:") == std::string::npos)
      found.push_back("the bounce is lost");
    if (!is_over(layout)) found.push_back("something stays in the queue");
    return found;
  }

  std::unique_ptr<FakeQueue> bounces_;
};

TEST(SendPowerFailure, LosesNothingOfANewMessage) {
  EXPECT_EQ(stop_at_every_call(SendCrash().scenario(fill_new)), Problems{});
}

TEST(SendPowerFailure, LosesNothingOfAMessageHalfPreprocessed) {
  EXPECT_EQ(stop_at_every_call(SendCrash().scenario(fill_half_preprocessed)), Problems{});
}

TEST(SendPowerFailure, LosesNothingOfAMessageHalfDelivered) {
  EXPECT_EQ(stop_at_every_call(SendCrash().scenario(fill_noted)), Problems{});
}

TEST(SendPowerFailure, LosesNothingWhereOrderIsKept) {
  for (const auto fill : {fill_new, fill_half_preprocessed, fill_noted})
    EXPECT_EQ(stop_at_every_call(SendCrash().scenario(fill), {.keeps_order = true}), Problems{});
}

TEST(SendPowerFailure, IsSeenToLoseWhereDirectoriesAreNotSynced) {
  EXPECT_NE(stop_at_every_call(SendCrash().scenario(fill_new), {.directory_syncs_work = false}), Problems{});
}

TEST(SendTrouble, LosesNothing) {
  for (const auto kind : {Trouble::Kind::fail, Trouble::Kind::short_write})
    EXPECT_EQ(trouble_at_every_call(SendCrash().scenario(fill_new), {.kind = kind, .error = EIO}),
              Problems{});
}

}  // namespace
}  // namespace qmail::test
