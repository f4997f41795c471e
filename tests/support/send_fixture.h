// What the tests of a whole qmail-send share: its home, whose qmail-queue notes the bounces, and its log made
// comparable.
#pragma once
#include <functional>
#include <gtest/gtest.h>
#include <mutex>
#include <string>
#include <vector>

#include "core/base/text.h"
#include "tests/support/send_run.h"
#include "tests/support/temp_home.h"

namespace qmail::test {

class SendFixture : public testing::Test {
 protected:
  SendFixture() {
    home.write("control/me", "here.example\n");
    home.write("queue/lock/sendmutex", "");
    home.write("queue-stand-in",
               "#!/bin/sh\n"
               "cat >> \"${0%/*}/bounces\"\n"
               "exec 0<&1\n"
               "tr '\\0' . >> \"${0%/*}/bounces\"\n");
    std::filesystem::permissions(home.path() / "queue-stand-in", std::filesystem::perms::owner_all);
  }

  static std::string records(const std::vector<std::string>& texts) {
    std::string bytes;
    for (const std::string& text : texts) bytes.append(text).push_back('\0');
    return bytes;
  }
  bool has(queue::Part part, queue::Number number) const {
    return home.has("queue/" + name_of(part, number));
  }

  /// A run in this home, with `deliver` asked by one spawner at a time and its requests noted.
  SendRun run_with(const std::function<std::string(const queue::DeliveryRequest&)>& deliver) {
    return {
        .home = home.path(),
        .deliver =
            [this, deliver](const queue::DeliveryRequest& request) {
              const std::lock_guard lock(mutex_);
              requests.push_back(request);
              return deliver(request);
            },
        .environment = {{"QMAILQUEUE", (home.path() / "queue-stand-in").string()}, {"PATH", "/usr/bin:/bin"}},
        .is_finished = nullptr};
  }

  /// The log without its status lines, the process ids as P.
  static std::string events(const std::string& log) {
    std::string result;
    for (const std::string_view line : split(log, '\n')) {
      const std::size_t qp = line.starts_with("bounce msg") ? line.rfind(' ') : std::string_view::npos;
      if (line.empty() || line.starts_with("status:")) continue;
      result.append(line.substr(0, qp)).append(qp == std::string_view::npos ? "\n" : " P\n");
    }
    return result;
  }

  TempHome home;
  std::vector<queue::DeliveryRequest> requests;

 private:
  std::mutex mutex_;
};

inline std::string succeed(const queue::DeliveryRequest&) { return "Kdone\n"; }
inline std::string fail(const queue::DeliveryRequest&) { return "Dno such user\n"; }

}  // namespace qmail::test
