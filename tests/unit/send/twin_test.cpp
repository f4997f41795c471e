// The JSON twin of the log, of a whole qmail-send with scripted spawners.
#include <algorithm>
#include <gtest/gtest.h>

#include "tests/support/send_fixture.h"

namespace qmail::test {
namespace {

using queue::DeliveryRequest;
using queue::Part;
using Lines = std::vector<std::string>;

constexpr const char* mail = "Received: x\nMessage-ID: <1@here.example>\nSubject: x\n\nhello\n";

std::string refuse(const DeliveryRequest&) {
  return "Z192.0.2.25 does not like recipient.\nRemote host said: 450 busy\nGiving up on 192.0.2.25.\n";
}
std::string accept(const DeliveryRequest&) {
  return "K192.0.2.25 accepted message.\nRemote host said: 250 ok 17\n";
}

/// The value of a member, as it is written; empty if it is not there.
std::string member(const std::string& line, const std::string& name) {
  const std::string before = "\"" + name + "\":";
  const std::size_t at = line.find(before);
  if (at == std::string::npos) return "";
  const std::string rest = line.substr(at + before.size());
  return rest.substr(0, rest.starts_with('"') ? rest.find('"', 1) + 1 : rest.find_first_of(",}"));
}

class TwinOfSendTest : public SendFixture {
 protected:
  TwinOfSendTest() : queue_log((home.path() / "log").string()) {
    home.write("control/rcptspermessage", "1\n");
  }

  /// As qmail-queue leaves it.
  void queue() {
    home.write("queue/" + name_of(Part::mess, 457), mail);
    home.write("queue/" + name_of(Part::todo, 457),
               records({"u1000", "p4711", "Fme@here.example", "Tyou@far.example", "Tno@far.example"}));
  }
  static FakeLog::Message logged() {
    return {.id = 457,
            .sender = "me@here.example",
            .recipients = {"you@far.example"},
            .body = mail,
            .birth = ::time(nullptr)};
  }

  /// Returns the log. `twin` has the lines of the twin that are about messages, if it is wanted.
  std::string send(const std::function<std::string(const DeliveryRequest&)>& deliver, bool has_twin,
                   const std::function<bool()>& is_finished, FakeLog* from = nullptr) {
    SendRun run = run_with(deliver);
    run.is_finished = is_finished;
    run.queue_log = from;
    std::string text;
    if (has_twin) run.twin = &text;
    const std::string log = run_send(run);
    twin.clear();
    all = text;
    for (const std::string_view line : split(text, '\n'))
      if (line.find("\"id\":") != std::string_view::npos) twin.emplace_back(line);
    return log;
  }
  /// What was deferred.
  void make_due() const {
    const auto past = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
    for (const Part part : {Part::local, Part::remote})
      if (has(part, 457)) std::filesystem::last_write_time(home.path() / "queue" / name_of(part, 457), past);
  }
  bool is_over() const { return !has(Part::mess, 457) && !has(Part::todo, 457); }
  Lines members(const std::string& name) const {
    Lines values;
    for (const std::string& line : twin) values.push_back(member(line, name));
    return values;
  }
  /// The one id of all lines.
  std::string id() const {
    const Lines ids = members("id");
    EXPECT_EQ(std::count(ids.begin(), ids.end(), ids.front()), static_cast<std::ptrdiff_t>(ids.size()));
    return ids.front();
  }

  FakeLog queue_log;
  Lines twin;
  std::string all;
};

TEST_F(TwinOfSendTest, TheLogStaysAsItIs) {
  const auto answer = [](const DeliveryRequest& request) {
    return request.recipients.front() == "no@far.example" ? fail(request) : accept(request);
  };
  queue();
  const std::string without = send(answer, false, [this] { return is_over(); });
  queue();
  const std::string with = send(answer, true, [this] { return is_over(); });
  EXPECT_EQ(events(with), events(without));
  EXPECT_NE(without.find("end msg 457\n"), std::string::npos);
  EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), std::count(with.begin(), with.end(), '\n'));
}

TEST_F(TwinOfSendTest, AMessageOfTheLayoutKeepsItsIdOverARestart) {
  queue();
  send(refuse, true, [this] { return has(Part::info, 457) && requests.size() >= 2; });
  ASSERT_EQ(members("event"),
            (Lines{"\"new\"", "\"info\"", "\"starting\"", "\"starting\"", "\"delivery\"", "\"delivery\""}));
  const std::string first = id();
  EXPECT_TRUE(first.ends_with(".457\""));
  EXPECT_EQ(member(twin[1], "message_id"), "\"<1@here.example>\"");
  EXPECT_EQ(member(twin[1], "bytes"), std::to_string(std::string_view(mail).size()));
  EXPECT_EQ(member(twin[1], "qp"), "4711");

  make_due();
  send(accept, true, [this] { return is_over(); });
  EXPECT_EQ(id(), first);
  EXPECT_EQ(member(twin.back(), "event"), "\"end\"");
}

TEST_F(TwinOfSendTest, AMessageOfTheQueueLogKeepsItsIdWhenItMoves) {
  queue_log.arriving = {logged()};
  send(
      refuse, true, [this] { return queue_log.live().empty(); }, &queue_log);
  ASSERT_EQ(members("event"), (Lines{"\"new\"", "\"info\"", "\"starting\"", "\"delivery\""}));
  const std::string first = id();
  EXPECT_NE(first.find(".000004711.457"), std::string::npos) << first;
  EXPECT_EQ(member(twin[1], "message_id"), "\"<1@here.example>\"");
  EXPECT_EQ(member(twin[3], "result"), "\"deferral\"");
  EXPECT_EQ(member(twin[3], "host"), "\"192.0.2.25\"");
  EXPECT_EQ(member(twin[3], "answer"), "\"450 busy\"");

  make_due();
  send(accept, true, [this] { return is_over(); });
  EXPECT_EQ(id(), first);
  EXPECT_EQ(members("event"), (Lines{"\"starting\"", "\"delivery\"", "\"end\""}));
  EXPECT_EQ(member(twin[1], "result"), "\"success\"");
  EXPECT_EQ(member(twin[1], "recipient"), "\"you@far.example\"");
  EXPECT_EQ(member(twin[1], "sender"), "\"me@here.example\"");
  EXPECT_EQ(member(twin[1], "answer"), "\"250 ok 17\"");
}

TEST_F(TwinOfSendTest, AMessageThatComesLaterHasItsHeaderTold) {
  queue_log.arriving = {logged()};
  queue_log.passes_bodies = false;
  send(
      accept, true, [this] { return queue_log.live().empty(); }, &queue_log);
  EXPECT_EQ(members("event"),
            (Lines{"\"new\"", "\"info\"", "\"header\"", "\"starting\"", "\"delivery\"", "\"end\""}));
  EXPECT_EQ(member(twin[1], "message_id"), "");
  EXPECT_EQ(member(twin[2], "message_id"), "\"<1@here.example>\"");
  id();
}

TEST_F(TwinOfSendTest, ABounceHasTheIdOfItsMessage) {
  queue();
  send(fail, true, [this] { return is_over(); });
  const auto bounce = std::find_if(twin.begin(), twin.end(), [](const std::string& line) {
    return member(line, "event") == "\"bounce\"";
  });
  ASSERT_NE(bounce, twin.end());
  EXPECT_NE(member(*bounce, "qp"), "");
  id();
}

}  // namespace
}  // namespace qmail::test
