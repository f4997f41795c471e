// A DNS server for one test.
#pragma once
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <signal.h>

#include "core/base/fd.h"
#include "core/base/io.h"
#include "core/base/spawn.h"
#include "core/base/text.h"
#include "core/dns/sources.h"

namespace qmail::dns {

/// tests/support/dns_server.py on a port of its own, and where it is found.
class DnsTest : public testing::Test {
 protected:
  void serve(std::string_view zone, const std::vector<std::string>& flags = {}) {
    write("zone", zone);
    Pipe pipe = Pipe::make();
    Command command{.argv = {DNS_SERVER, "127.0.0.1,::1", "0", folder_ + "/zone"},
                    .fds = {{pipe.write.get(), 1}}};
    command.argv.insert(command.argv.end(), flags.begin(), flags.end());
    child_ = spawn(command);
    ASSERT_TRUE(child_);
    pipe.write.close();
    std::string line;
    ASSERT_TRUE(Reader(pipe.read.get(), 20).line(line));
    port_ = parse_number<std::uint16_t>(line.substr(6)).value();
  }

  void write(const std::string& name, std::string_view text) { std::ofstream(folder_ + "/" + name) << text; }

  Sources sources(std::string_view resolv_conf, unsigned total_seconds = 3) {
    write("resolv.conf", resolv_conf);
    return {.resolv_conf = folder_ + "/resolv.conf",
            .hosts = folder_ + "/hosts",
            .port = port_,
            .total_seconds = total_seconds};
  }

  void SetUp() override {
    std::string name = testing::TempDir() + "dns.XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override {
    std::filesystem::remove_all(folder_);
    if (!child_) return;
    ::kill(*child_, SIGKILL);
    wait_for(*child_);
  }

  SystemClock clock_;
  std::string folder_;
  std::optional<pid_t> child_;
  std::uint16_t port_ = 1;
};

}  // namespace qmail::dns
