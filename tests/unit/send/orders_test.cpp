// What the administrator orders of a qmail-send that runs: what becomes of the message, of its recipients
// who wait, who are in line and who are being delivered to, and of deliveries beside it.
#include <condition_variable>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "core/base/unix_address.h"
#include "core/queue/admin_protocol.h"
#include "core/queue/stock_store.h"
#include "tests/support/send_fixture.h"

namespace qmail::test {
namespace {

using queue::DeliveryRequest;
using queue::Number;
using queue::Part;
using queue::admin::Operation;
using queue::admin::Reply;
using queue::admin::Result;

class OrdersTest : public SendFixture {
 protected:
  OrdersTest() { std::filesystem::create_directory(home.path() / "queue/admin"); }

  static constexpr Number number = 457;

  /// A preprocessed message, due in an hour.
  void wait_with(const std::string& local, const std::string& remote = "", Number at = number) {
    write(Part::mess, at, "Subject: x\n\nhello\n");
    write(Part::info, at, records({"Fme@here.example"}));
    if (!local.empty()) write_list(Part::local, at, local);
    if (!remote.empty()) write_list(Part::remote, at, remote);
  }
  void write(Part part, Number at, const std::string& bytes) {
    home.write("queue/" + name_of(part, at), bytes);
  }
  void write_list(Part part, Number at, const std::string& recipients) {
    std::string bytes;
    for (const std::string_view recipient : split(recipients, ' '))
      bytes.append("T").append(recipient).push_back('\0');
    write(part, at, bytes);
    std::filesystem::last_write_time(home.path() / "queue" / name_of(part, at),
                                     std::filesystem::file_time_type::clock::now() + due_in);
  }
  mode_t info_mode() const {
    struct stat info {};
    ::stat((home.path() / "queue" / name_of(Part::info, number)).c_str(), &info);
    return info.st_mode & 07777;
  }

  Fd connect() const {
    Fd socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    const queue::Layout layout = home.queue();
    const sockaddr_un address = address_of(layout.directory(), queue::admin_socket_name);
    while (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0)
      ::usleep(1000);
    return socket;
  }
  static std::optional<Reply> ask(const Fd& socket, const std::string& packet) {
    ::send(socket.get(), packet.data(), packet.size(), MSG_NOSIGNAL);
    std::string bytes(4096, '\0');
    const ssize_t got = ::recv(socket.get(), bytes.data(), bytes.size(), 0);
    if (got <= 0) return std::nullopt;
    return queue::admin::parse_reply(std::string_view(bytes).substr(0, static_cast<std::size_t>(got)));
  }
  queue::admin::Target target(Number at) const {
    const queue::Layout layout = home.queue();
    queue::Names names(layout);
    const auto info = queue::StockStore(names).info(at);
    return {at, info ? info->birth : 0, queue::admin::sum_of(info ? info->sender : "")};
  }
  Reply order(Operation operation, const std::vector<queue::admin::Target>& targets) {
    const auto answer = ask(connect(), queue::admin::packet(queue::admin::Request{
                                           .operation = operation, .reason = "Spam", .targets = targets}));
    return answer.value_or(Reply{});
  }
  Reply order(Operation operation) { return order(operation, {target(number)}); }

  /// Runs it; `work` is done beside it, once, and then the run lasts until the queue is empty or for a while.
  std::string send(const std::function<std::string(const DeliveryRequest&)>& deliver,
                   const std::function<void()>& work) {
    SendRun run = run_with(deliver);
    run.is_finished = [this, &work, done = false]() mutable {
      if (!std::exchange(done, true)) work();
      return is_finished();
    };
    run.patience = patience;
    run.queue_log = log;
    return run_send(run);
  }

  std::string bounces() const { return home.read("bounces"); }

  std::chrono::seconds due_in{3600};
  std::chrono::milliseconds patience{600};
  std::function<bool()> is_finished = [this] { return home.queue().numbers_in("mess/20").empty(); };
  FakeLog* log = nullptr;
  Reply reply;
};

/// A delivery that lasts until somebody lets it end.
class Gate {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }
  void pass() {
    std::unique_lock lock(mutex_);
    is_reached_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return is_open_; });
  }
  void wait_until_reached() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_reached_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = false, is_reached_ = false;
};

TEST_F(OrdersTest, AMessageThatIsRetriedIsTriedNow) {
  wait_with("you@here.example");
  const std::string text = events(send(succeed, [&] { reply = order(Operation::retry); }));
  EXPECT_EQ(reply, Reply{Result::done});
  EXPECT_EQ(text,
            "admin: retry msg 457\n"
            "starting delivery 1: msg 457 to local you@here.example\n"
            "delivery 1: success: done/\n"
            "end msg 457\n");
}

TEST_F(OrdersTest, AMessageThatIsDeletedIsGoneWithoutABounce) {
  wait_with("you@here.example", "her@far.example");
  write(Part::bounce, number, "<him@far.example>:\nno such user\n\n");
  const std::string text = events(send(succeed, [&] {
    reply = order(Operation::remove);
    EXPECT_FALSE(has(Part::local, number) || has(Part::remote, number) || has(Part::bounce, number));
  }));
  EXPECT_EQ(reply, Reply{Result::done});
  EXPECT_EQ(text, "admin: delete msg 457\nend msg 457\n");
  EXPECT_EQ(bounces(), "(no such file)");
  EXPECT_TRUE(requests.empty());
  EXPECT_FALSE(has(Part::mess, number) || has(Part::info, number));
}

TEST_F(OrdersTest, AMessageThatIsBouncedTellsItsSenderWhy) {
  wait_with("you@here.example", "her@far.example");
  const std::string text = events(send(succeed, [&] { reply = order(Operation::bounce); }));
  EXPECT_EQ(reply, Reply{Result::done});
  EXPECT_EQ(text, "admin: bounce msg 457\nbounce msg 457 qp P\nend msg 457\n");
  EXPECT_NE(bounces().find("<you@here.example>:\nbounced by the administrator: Spam\n\n"
                           "<her@far.example>:\nbounced by the administrator: Spam\n\n"),
            std::string::npos)
      << bounces();
  EXPECT_TRUE(requests.empty());
}

TEST_F(OrdersTest, AMessageThatIsHeldIsNotTried) {
  wait_with("you@here.example");
  is_finished = [] { return true; };
  const std::string text = events(send(succeed, [&] {
    reply = order(Operation::hold);
    EXPECT_EQ(order(Operation::retry), Reply{Result::held});
  }));
  EXPECT_EQ(reply, Reply{Result::done});
  EXPECT_EQ(text, "admin: hold msg 457\n");
  EXPECT_EQ(info_mode() & S_ISVTX, mode_t{S_ISVTX});
  EXPECT_TRUE(has(Part::local, number));
}

TEST_F(OrdersTest, AMessageStaysHeldAfterAStartUntilItIsReleased) {
  due_in = std::chrono::seconds(0);
  wait_with("you@here.example");
  std::filesystem::permissions(home.path() / "queue" / name_of(Part::info, number),
                               static_cast<std::filesystem::perms>(01600));
  EXPECT_EQ(events(send(succeed, [&] { reply = order(Operation::retry); })), "");
  EXPECT_EQ(reply, Reply{Result::held});
  const std::string text = events(send(succeed, [&] { reply = order(Operation::release); }));
  EXPECT_EQ(reply, Reply{Result::done});
  EXPECT_EQ(text,
            "admin: release msg 457\n"
            "starting delivery 1: msg 457 to local you@here.example\n"
            "delivery 1: success: done/\n"
            "end msg 457\n");
}

TEST_F(OrdersTest, AHeldMessageCanBeDeleted) {
  wait_with("you@here.example");
  const std::string text = events(send(succeed, [&] {
    order(Operation::hold);
    reply = order(Operation::remove);
  }));
  EXPECT_EQ(reply, Reply{Result::done});
  EXPECT_TRUE(text.ends_with("admin: delete msg 457\nend msg 457\n")) << text;
}

class WhileADeliveryRuns : public OrdersTest {
 protected:
  WhileADeliveryRuns() {
    due_in = std::chrono::seconds(0);
    home.write("control/concurrencylocal", "1\n");
    patience = std::chrono::milliseconds(5000);
    wait_with("first@here.example second@here.example third@here.example");
  }
  /// Gives the order while the first recipient's delivery runs, which then ends so.
  std::string send_first(const std::string& end, const std::function<void()>& work) {
    Gate gate;
    return events(send(
        [&](const DeliveryRequest& request) -> std::string {
          if (!request.recipients.front().starts_with("first")) return "Kdone\n";
          gate.pass();
          return end;
        },
        [&] {
          gate.wait_until_reached();
          work();
          gate.open();
        }));
  }
};

TEST_F(WhileADeliveryRuns, DeletingLeavesItToItsEndAndThenForgetsIt) {
  const std::string text = send_first("Znot now\n", [&] { reply = order(Operation::remove); });
  EXPECT_EQ(reply, Reply{Result::running});
  EXPECT_EQ(text,
            "starting delivery 1: msg 457 to local first@here.example\n"
            "admin: delete msg 457\n"
            "delivery 1: deferral: not_now/\n"
            "end msg 457\n");
  EXPECT_EQ(bounces(), "(no such file)");
}

TEST_F(WhileADeliveryRuns, DeletingIsDurableForThoseInLine) {
  send_first("Kdone\n", [&] {
    order(Operation::remove);
    EXPECT_EQ(home.read("queue/" + name_of(Part::local, number)),
              records({"Tfirst@here.example", "Dsecond@here.example", "Dthird@here.example"}));
  });
  EXPECT_FALSE(has(Part::mess, number));
  EXPECT_EQ(requests.size(), 1U);
}

TEST_F(WhileADeliveryRuns, BouncingBouncesItIfItIsDeferred) {
  const std::string text = send_first("Znot now\n", [&] { reply = order(Operation::bounce); });
  EXPECT_EQ(reply, Reply{Result::running});
  EXPECT_TRUE(
      text.ends_with("delivery 1: failure: not_now/bounced_by_the_administrator:_Spam/\n"
                     "bounce msg 457 qp P\nend msg 457\n"))
      << text;
  for (const std::string recipient : {"<second@", "<third@", "<first@here.example>:\nnot now\nbounced by"})
    EXPECT_NE(bounces().find(recipient), std::string::npos) << recipient;
  EXPECT_EQ(requests.size(), 1U);
}

TEST_F(WhileADeliveryRuns, BouncingDoesNotTellOfOneThatSucceeds) {
  send_first("Kdone\n", [&] { order(Operation::bounce); });
  EXPECT_EQ(bounces().find("<first@"), std::string::npos);
  EXPECT_NE(bounces().find("<third@"), std::string::npos);
}

TEST_F(WhileADeliveryRuns, HoldingKeepsThoseInLineUntilTheyAreReleased) {
  is_finished = [this] {
    if (home.read("queue/" + name_of(Part::local, number)).starts_with('T')) return false;
    order(Operation::retry);  // the round of the success is over when this is answered
    return true;
  };
  const std::string text = send_first("Kdone\n", [&] { reply = order(Operation::hold); });
  EXPECT_EQ(reply, Reply{Result::done});
  EXPECT_TRUE(text.ends_with("delivery 1: success: done/\n")) << text;
  EXPECT_EQ(requests.size(), 1U);
  is_finished = [this] { return !has(Part::mess, number); };
  send(succeed, [&] { order(Operation::release); });
  EXPECT_EQ(requests.size(), 3U);
}

TEST_F(OrdersTest, AnotherMessageOfThatNumberIsNotTouched) {
  wait_with("you@here.example");
  is_finished = [] { return true; };
  auto older = target(number), other = target(number);
  --older.birth;
  ++other.sender_sum;
  const std::string text = events(send(succeed, [&] {
    reply = order(Operation::remove, {older});
    EXPECT_EQ(order(Operation::bounce, {other}), Reply{Result::unknown});
    EXPECT_EQ(order(Operation::hold, {{.number = 458}}), Reply{Result::unknown});
  }));
  EXPECT_EQ(reply, Reply{Result::unknown});
  EXPECT_EQ(text, "");
  EXPECT_TRUE(has(Part::local, number));
}

TEST_F(OrdersTest, OfManyMessagesOnlyThoseNamedChange) {
  for (Number at = 460; at < 500; ++at) wait_with("you@here.example", "", at);
  is_finished = [this] {
    for (Number at = 460; at < 500; at += 2)
      if (has(Part::mess, at)) return false;
    return true;
  };
  std::vector<queue::admin::Target> targets;
  for (Number at = 460; at < 500; at += 2) targets.push_back(target(at));
  const std::string text = events(send(succeed, [&] { reply = order(Operation::remove, targets); }));
  EXPECT_EQ(reply, Reply(targets.size(), Result::done));
  EXPECT_TRUE(requests.empty());
  for (Number at = 460; at < 500; ++at) EXPECT_EQ(has(Part::mess, at), at % 2 == 1) << at;
}

TEST_F(OrdersTest, WhoTalksNonsenseOrNothingHoldsNobodyUp) {
  write(Part::mess, number, "Subject: x\n\nhello\n");
  std::vector<Fd> silent;
  const std::string text = events(send(succeed, [&] {
    EXPECT_FALSE(ask(connect(), "nonsense"));
    EXPECT_FALSE(ask(connect(), std::string(40000, 'x')));
    for (int count = 0; count < 12; ++count) silent.push_back(connect());
    write(Part::todo, number, records({"u1000", "p4711", "Fme@here.example", "Tyou@here.example"}));
    const Fd trigger(::open((home.path() / "queue/lock/trigger").c_str(), O_WRONLY | O_NONBLOCK));
    EXPECT_EQ(::write(trigger.get(), "", 1), 1);
  }));
  EXPECT_TRUE(text.ends_with("delivery 1: success: done/\nend msg 457\n")) << text;
}

TEST_F(OrdersTest, LeavesNoSocketBehind) {
  is_finished = [] { return true; };
  send(succeed, [&] { connect(); });
  EXPECT_FALSE(home.has("queue/admin/socket"));
}

class OrdersInTheLog : public OrdersTest {
 protected:
  OrdersInTheLog() : queue_log((home.path() / "log").string()) {
    log = &queue_log;
    queue_log.arriving = {message};
    is_finished = [this] { return queue_log.live().empty(); };
    patience = std::chrono::milliseconds(5000);
  }
  queue::admin::Target target_in_log() const {
    return {message.id, message.birth, queue::admin::sum_of(message.sender)};
  }

  FakeLog::Message message{.id = number,
                           .sender = "me@here.example",
                           .recipients = {"first@here.example", "second@here.example"},
                           .body = "Subject: x\n\nhello\n",
                           .birth = ::time(nullptr)};
  FakeLog queue_log;
};

TEST_F(OrdersInTheLog, AMessageMovesIntoTheLayoutAndIsHeldThere) {
  home.write("control/concurrencylocal", "1\n");
  Gate gate;
  send(
      [&](const DeliveryRequest& request) -> std::string {
        if (request.recipients.front().starts_with("first")) gate.pass();
        return "Kdone\n";
      },
      [&] {
        gate.wait_until_reached();
        reply = order(Operation::hold, {target_in_log()});
        gate.open();
      });
  EXPECT_EQ(reply, Reply{Result::done});
  EXPECT_EQ(requests.size(), 1U);
  EXPECT_EQ(info_mode() & S_ISVTX, mode_t{S_ISVTX});
  EXPECT_EQ(home.read("queue/" + name_of(Part::local, number)),
            records({"Dfirst@here.example", "Tsecond@here.example"}));
}

TEST_F(OrdersInTheLog, AMessageMovesIntoTheLayoutAndIsDeletedThere) {
  home.write("control/concurrencylocal", "1\n");
  is_finished = [this] { return queue_log.live().empty() && home.queue().numbers_in("mess/20").empty(); };
  Gate gate;
  const std::string text = events(send(
      [&](const DeliveryRequest&) -> std::string {
        gate.pass();
        return "Znot now\n";
      },
      [&] {
        gate.wait_until_reached();
        reply = order(Operation::remove, {target_in_log()});
        gate.open();
      }));
  EXPECT_EQ(reply, Reply{Result::running});
  EXPECT_EQ(requests.size(), 1U);
  EXPECT_TRUE(text.ends_with("delivery 1: deferral: not_now/\nend msg 457\n")) << text;
}

}  // namespace
}  // namespace qmail::test
