// Deliveries by qmail-remote's own function, to servers of the test.
#pragma once
#include <algorithm>
#include <csignal>
#include <gtest/gtest.h>

#include "core/base/signals.h"
#include "core/programs/qmail-remote/delivery.h"
#include "core/queue/layout.h"
#include "tests/support/fake_clock.h"
#include "tests/support/scripted_resolver.h"
#include "tests/support/scripted_smtp_server.h"
#include "tests/support/temp_home.h"

namespace qmail::remote {

using Script = std::vector<std::string>;
inline constexpr const char* no_answer = test::ScriptedSmtpServer::silence;
inline const std::string accepted = "r|K192.0.2.1 accepted message.\nRemote host said: 250 ok\n|";

inline Script greeting() { return {"220 hi\r\n", "250-me\r\n250 PIPELINING\r\n"}; }
inline Script operator+(Script a, const Script& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}
inline const Script message_taken{"250 s\r\n", "250 r\r\n", "354 go\r\n", "250 ok\r\n"};

/// Deliveries one after another, over connections to scripted servers.
class DeliveryRun : public testing::Test {
 protected:
  DeliveryRun() {
    signals::ignore(SIGPIPE);
    home_.write(std::string("queue/") + queue::tcpto_name, std::string(1024, '\0'));
  }

  Connection connect(const Endpoint&) {
    if (scripts_.empty()) return {};
    servers_.push_back(std::make_unique<test::ScriptedSmtpServer>(scripts_.front()));
    scripts_.erase(scripts_.begin());
    return {servers_.back()->take_client()};
  }

  std::string run(const std::string& host = "192.0.2.1") {
    Pipe pipe = Pipe::make();
    Writer(pipe.write.get()).put("x\n").flush_or_throw("message");
    pipe.write.close();
    Reader message(pipe.read.get());
    World world{
        .resolver = resolver_,
        .timeouts = timeouts_,
        .clock = clock_,
        .own_addresses = [] { return std::vector<Ip>(); },
        .process = 0,
        .connect = [this](const Endpoint& server, const std::optional<Ip>&, int) { return connect(server); },
        .random = [] { return 0u; },
        .securer = securer_};
    std::string reports = deliver(host, {sender_, {"r@b"}, message}, settings_, features_, world, kept_);
    std::replace(reports.begin(), reports.end(), '\0', '|');
    return reports;
  }

  /// How often a server heard `what` once the kept connection has ended.
  std::size_t count(std::size_t server, std::string_view what) {
    kept_.reset();
    const std::string& heard = servers_.at(server)->heard();
    std::size_t found = 0;
    for (std::size_t at = heard.find(what); at != std::string::npos; at = heard.find(what, at + 1)) ++found;
    return found;
  }

  test::TempHome home_;
  Directory opened_ = home_.open();
  queue::TimeoutTable timeouts_{opened_};
  test::FakeClock clock_;
  test::ScriptedResolver resolver_;
  Settings settings_{.helo_host = "me.example", .routes = {}, .keep_seconds = 5};
  smtpc::Features features_;
  Securer securer_;
  std::string sender_ = "s@a";
  std::vector<Script> scripts_;
  std::vector<std::unique_ptr<test::ScriptedSmtpServer>> servers_;
  std::unique_ptr<Partner> kept_;
};

}  // namespace qmail::remote
