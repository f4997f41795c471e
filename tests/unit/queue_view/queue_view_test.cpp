// The queue as qmail-qread and qmail-qstat show it: log and layout as one.
#include <cstdio>
#include <gtest/gtest.h>
#include <sys/time.h>

#include "core/programs/qmail-qread/qmail_qread.h"
#include "core/programs/qmail-qstat/qmail_qstat.h"
#include "tests/support/log_work.h"

namespace qmail::queue {
namespace {

constexpr std::int64_t birth = 862193820;
const std::string date = "28 Apr 1997 02:17:00 GMT";

std::string records(std::initializer_list<std::string_view> list) {
  std::string bytes;
  for (const std::string_view record : list) bytes.append(record).push_back('\0');
  return bytes;
}

class QueueView : public testing::Test {
 protected:
  QueueView() {
    home.write("control/locals", "here.example\n");
    home.write("control/virtualdomains", "virt.example:joe\n");
    home.write("control/me", "here.example\n");
    EXPECT_EQ(owner.open(), "");
    EXPECT_TRUE(owner.provide());
  }
  Number accept(const std::string& envelope, std::string_view body) {
    const auto result = owner.log().append(
        {.origin = {.birth = birth, .qp = 5000000, .uid = 1000}, .envelope = envelope, .body = {&body, 1}});
    EXPECT_TRUE(owner.commit());
    return std::get<Number>(result);
  }
  /// What qmail-send and the mover do, up to, but without, the record that says so.
  void move(Number id, const std::string& local) {
    const auto place = owner.log().place_of(id);
    const auto placed = queue_log::place_messages(owner.layout(), {&*place, 1});
    EXPECT_EQ(placed.at(0).error, 0);
    home.write("queue/" + name_of(Part::local, id), local);
    const std::string info = name_of(Part::info, id);
    home.write("queue/" + info, records({"Fme@here.example"}));
    const timeval times[2] = {{birth, 0}, {birth, 0}};
    EXPECT_EQ(::utimes((home.path() / "queue" / info).c_str(), times), 0);
  }
  std::string shown(const std::string& program) {
    const std::string command = "QMAIL_TEST_HOME=" + home.path().string() + " " TEST_BIN "/" + program;
    std::FILE* output = ::popen(command.c_str(), "r");
    std::string text(4096, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), output));
    EXPECT_EQ(::pclose(output), 0);
    return text;
  }
  static std::string counts(int messages) {
    return "messages in queue: " + std::to_string(messages) +
           "\nmessages in queue but not yet preprocessed: 0\n";
  }

  test::TempHome home;
  test::LogOwner owner{home.path()};
};

TEST_F(QueueView, AMessageInTheLogLooksLikeOneOfTheLayout) {
  const Number id = accept(records({"Fme@here.example", "Tthem@there.example", "Tyou@here.example",
                                    "Tbox@virt.example", "Tnobody@here.example"}),
                           "Subject: x\n\nHi.\n");
  owner.log().outcome(id, 0, 'K', "");
  EXPECT_TRUE(owner.log().write());
  const std::string head = date + "  #" + std::to_string(id) + "  16  <me@here.example> ";
  const std::string recipients =
      "\tlocal\tyou@here.example\n\tlocal\tjoe-box@virt.example\n\tlocal\tnobody@here.example\n"
      "  done\tremote\tthem@there.example\n";
  EXPECT_EQ(shown("qmail-qread"), head + "\n" + recipients);
  owner.log().outcome(id, 3, 'D', "No such user.\n");
  EXPECT_TRUE(owner.log().write());
  EXPECT_EQ(shown("qmail-qread"),
            head +
                " bouncing\n\tlocal\tyou@here.example\n\tlocal\tjoe-box@virt.example\n"
                "  done\tlocal\tnobody@here.example\n  done\tremote\tthem@there.example\n");
  EXPECT_EQ(shown("qmail-qstat"), counts(1));
}

TEST_F(QueueView, MessagesOfOneFolderComeByTheirNumbers) {
  std::string expected;
  for (const Number number : {split * 90 + 1, split * 91 + 1, split * 1000 + 1}) {
    home.write("queue/" + name_of(Part::mess, number), "Subject: x\n\nHi.\n");
    const std::string info = name_of(Part::info, number);
    home.write("queue/" + info, records({"Fme@here.example"}));
    const timeval times[2] = {{birth, 0}, {birth, 0}};
    EXPECT_EQ(::utimes((home.path() / "queue" / info).c_str(), times), 0);
    expected += date + "  #" + std::to_string(number) + "  16  <me@here.example> \n";
  }
  EXPECT_EQ(shown("qmail-qread"), expected);
}

TEST_F(QueueView, WhatHasEndedIsNotThere) {
  owner.log().ended(accept(records({"F", "Tyou@here.example"}), "x"));
  EXPECT_TRUE(owner.log().write());
  EXPECT_EQ(shown("qmail-qread"), "");
  EXPECT_EQ(shown("qmail-qstat"), counts(0));
}

TEST_F(QueueView, AMessageThatMovesIsShownOnceAndAsTheLayoutHasIt) {
  const Number id = accept(records({"Fme@here.example", "Tyou@here.example"}), "x");
  const Number other = accept(records({"F", "Tyou@here.example"}), "xy");
  move(id, records({"Dyou@here.example"}));
  const std::string expected = date + "  #" + std::to_string(id) + "  1  <me@here.example> \n" +
                               "  done\tlocal\tyou@here.example\n" + date + "  #" + std::to_string(other) +
                               "  2  <> \n\tlocal\tyou@here.example\n";
  EXPECT_EQ(shown("qmail-qread"), expected);
  EXPECT_EQ(shown("qmail-qstat"), counts(2));
  owner.log().moved(id);
  EXPECT_TRUE(owner.commit());
  EXPECT_EQ(shown("qmail-qread"), expected);
  EXPECT_EQ(shown("qmail-qstat"), counts(2));
}

TEST_F(QueueView, AMessagePlacedButNotYetDescribedIsStillShownFromTheLog) {
  const Number id = accept(records({"F", "Tyou@here.example"}), "x");
  const auto place = owner.log().place_of(id);
  queue_log::place_messages(owner.layout(), {&*place, 1});
  EXPECT_EQ(shown("qmail-qread"),
            date + "  #" + std::to_string(id) + "  1  <> \n\tlocal\tyou@here.example\n");
  EXPECT_EQ(shown("qmail-qstat"), counts(1));
}

TEST_F(QueueView, ControlFilesAreReadOnlyForTheLog) {
  int asked = 0;
  const auto routing = [&] {
    ++asked;
    return read_routing(Control(Directory::open((home.path() / "control").string())));
  };
  Writer out(-1);
  list_queue(owner.layout(), routing, out);
  EXPECT_EQ(asked, 0);
  accept(records({"F", "Tyou@here.example"}), "x");
  list_queue(owner.layout(), routing, out);
  EXPECT_EQ(asked, 1);
}

TEST_F(QueueView, QmailQctlShowsTheSame) {
  const Number moved = accept(records({"Fme@here.example", "Tyou@here.example"}), "one\n");
  const Number logged = accept(records({"Fme@here.example", "Tthem@there.example"}), "Subject: two\n\ntwo\n");
  move(moved, records({"Dyou@here.example"}));
  owner.log().moved(moved);
  EXPECT_TRUE(owner.commit());
  EXPECT_EQ(shown("qmail-qctl list"), shown("qmail-qread"));
  const std::string both = std::to_string(logged) + " 99 " + std::to_string(moved);
  EXPECT_EQ(shown("qmail-qctl list --numbers " + both),
            std::to_string(logged) + "\n" + std::to_string(moved) + "\n");
  EXPECT_EQ(shown("qmail-qctl list --numbers --header two"), std::to_string(logged) + "\n");
  EXPECT_EQ(shown("qmail-qctl show --raw " + std::to_string(logged)), "Subject: two\n\ntwo\n");
  EXPECT_NE(shown("qmail-qctl list --json " + std::to_string(logged)).find("\"log\":true"),
            std::string::npos);
  EXPECT_TRUE(shown("qmail-qctl stats").starts_with("messages: 2\nin the queue log: 1\n"));
}

}  // namespace
}  // namespace qmail::queue
