#include "core/programs/qmail-queue/reception.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "core/base/unix_address.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_home.h"

using namespace std::string_literals;

namespace qmail::queue {
namespace {

const std::string small_message = chunk_head(6) + "Hello\n" + chunk_head(0) + "Fme\0Tyou\0\0"s;

class ReceptionTest : public testing::Test {
 protected:
  explicit ReceptionTest(const Reception::Limits& limits = {.connections = 100, .bytes = 2 << 20})
      : reception_(watcher_, 1, clock_, limits) {
    std::filesystem::create_directory(home_.path() / "run");
  }
  void SetUp() override { ASSERT_TRUE(reception_.open(directory_)); }

  Fd connect() {
    const auto address = address_of(directory_, submission_socket);
    Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    return socket;
  }
  static void send(const Fd& socket, const std::string& bytes) {
    EXPECT_EQ(::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  /// Everything that is ready is served.
  void serve() {
    for (auto ready = watcher_.wait(0); !ready.empty(); ready = watcher_.wait(0))
      for (const auto& event : ready) reception_.serve(event.data.u64);
  }
  /// The code of the answer; none if there is none yet.
  static std::optional<int> answer_to(const Fd& socket) {
    char room[64];
    const ssize_t got = ::recv(socket.get(), room, sizeof room, MSG_DONTWAIT);
    if (got <= 0) return std::nullopt;
    const auto answer = parse_answer(std::string_view(room, static_cast<std::size_t>(got)));
    return answer ? std::optional(answer->code) : std::nullopt;
  }

  test::TempHome home_;
  Directory directory_ = home_.open();
  test::FakeClock clock_{1'795'337'104};
  Watcher watcher_;
  Reception reception_;
};

TEST_F(ReceptionTest, ListensWhereEverybodyMayConnect) {
  struct stat status {};
  ASSERT_EQ(::stat((home_.path() / "run/queue").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0666U);
  reception_.close(directory_);
  EXPECT_FALSE(home_.has("run/queue"));
}

TEST_F(ReceptionTest, GivesACompleteSubmissionWithItsSender) {
  const Fd client = connect();
  send(client, small_message);
  serve();
  const auto ready = reception_.take_ready();
  ASSERT_EQ(ready.size(), 1U);
  EXPECT_EQ(ready[0].incoming.message(), "Hello\n");
  EXPECT_EQ(ready[0].uid, ::getuid());
  EXPECT_EQ(ready[0].qp, Reception::first_qp);
  EXPECT_EQ(answer_to(client), std::nullopt);
  reception_.answer(ready[0], Code::accepted);
  EXPECT_EQ(answer_to(client), 0);
}

TEST_F(ReceptionTest, RefusesWhatIsNoEnvelopeAndWhatIsCut) {
  const Fd malformed = connect(), long_address = connect(), cut = connect();
  send(malformed, chunk_head(0) + "x");
  send(long_address, chunk_head(0) + "F" + std::string(2000, 'x'));
  send(cut, small_message.substr(0, 20));
  ::shutdown(cut.get(), SHUT_WR);
  serve();
  EXPECT_EQ(answer_to(malformed), 91);
  EXPECT_EQ(answer_to(long_address), 11);
  EXPECT_EQ(answer_to(cut), 54);
  EXPECT_TRUE(reception_.is_idle());
}

TEST_F(ReceptionTest, WaitsForASlowSubmissionButNotForEver) {
  const Fd client = connect();
  send(client, small_message.substr(0, 7));
  serve();
  clock_.advance(299);
  reception_.tick();
  EXPECT_EQ(answer_to(client), std::nullopt);
  clock_.advance(1);
  reception_.tick();
  EXPECT_EQ(answer_to(client), 52);
}

TEST_F(ReceptionTest, TurnsAwayWhoHasTooManyConnections) {
  std::vector<Fd> clients;
  for (int i = 0; i < 51; ++i) clients.push_back(connect());
  serve();
  EXPECT_EQ(answer_to(clients[49]), std::nullopt);
  EXPECT_EQ(answer_to(clients[50]), 71);
  clients.front().close();
  serve();
  const Fd next = connect();
  serve();
  EXPECT_EQ(answer_to(next), std::nullopt);
}

/// Bytes that were sent and not read.
int unread(const Fd& client) {
  int bytes = -1;
  EXPECT_EQ(::ioctl(client.get(), SIOCOUTQ, &bytes), 0);
  return bytes;
}

TEST_F(ReceptionTest, ReadsNoMoreThanAUsersShareOfMemoryAndStillServesAll) {
  const std::string start = chunk_head(60'006) + std::string(60'000, 'x');
  std::vector<Fd> clients;
  for (int i = 0; i < 10; ++i) {
    clients.push_back(connect());
    send(clients.back(), start);
  }
  serve();
  const auto waits = [](const Fd& client) { return unread(client) > 0; };
  EXPECT_EQ(std::count_if(clients.begin(), clients.end(), waits), 8);
  for (const Fd& client : clients) send(client, small_message.substr(4));
  std::size_t answered = 0;
  for (int round = 0; round < 10; ++round) {
    serve();
    for (const Connection& ready : reception_.take_ready()) {
      reception_.answer(ready, Code::accepted);
      ++answered;
    }
  }
  EXPECT_EQ(answered, clients.size());
}

TEST_F(ReceptionTest, LendsNoMemoryToThoseWhoSendNothing) {
  std::vector<Fd> clients;
  for (int i = 0; i < 40; ++i) clients.push_back(connect());
  serve();
  const Fd client = connect();
  send(client, small_message);
  serve();
  EXPECT_EQ(reception_.take_ready().size(), 1U);
}

TEST_F(ReceptionTest, ClosingTakesInThoseWhoWaitAndNobodyElse) {
  const Fd client = connect();
  send(client, small_message);
  reception_.close(directory_);
  EXPECT_EQ(reception_.take_ready().size(), 1U);
  EXPECT_FALSE(Submission::connect(directory_));
}

TEST_F(ReceptionTest, TakesTheNameOfOneThatWasKilled) {
  Watcher other_watcher;
  Reception other(other_watcher, 1, clock_, {});
  EXPECT_TRUE(other.open(directory_));
  const Fd client = connect();
  send(client, small_message);
  serve();
  EXPECT_EQ(reception_.take_ready().size(), 0U);
}

}  // namespace
}  // namespace qmail::queue
