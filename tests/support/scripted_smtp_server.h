// An SMTP server for tests, at the other end of a socket pair: says what it was told and remembers what it
// heard.
#pragma once
#include <string>
#include <sys/socket.h>
#include <thread>
#include <vector>

#include "core/base/fd.h"
#include "core/base/io.h"

namespace qmail::test {

class ScriptedSmtpServer {
 public:
  static constexpr const char* silence = "(silence)";  ///< waits for the client to go away

  /// Says the first of `script`, then one more for each line it hears; after one that starts with "354" for
  /// each message. Hangs up when the script is over, as soon as it is.
  explicit ScriptedSmtpServer(std::vector<std::string> script) {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
      throw std::runtime_error("socketpair");
    client_ = Fd(ends[0]);
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    thread_ =
        std::thread([this, script = std::move(script), server = ends[1]] { serve(script, Fd(server)); });
  }
  ~ScriptedSmtpServer() {
    client_.close();
    if (thread_.joinable()) thread_.join();
  }

  /// The client's end.
  Fd take_client() { return std::move(client_); }
  /// All the client sent, once both ends are closed.
  const std::string& heard() {
    thread_.join();
    return heard_;
  }

 private:
  void serve(const std::vector<std::string>& script, const Fd& server) {
    Reader in(server.get());
    for (const std::string& line : script) {
      if (line == silence) break;
      if (!Writer(server.get()).put(line).flush()) break;
      if (&line != &script.back()) hear(in, line.starts_with("354") ? "\r\n.\r\n" : "\r\n");
    }
    if (!script.empty() && script.back() == silence) hear(in, std::string(1, '\0'));
    if (!script.empty() && script.back().starts_with("250")) hear(in, "\r\n");
  }
  void hear(Reader& in, const std::string& end) {
    const std::size_t start = heard_.size() - (end.size() > 2 ? 2 : 0);
    while (heard_.size() < start + end.size() || !std::string_view(heard_).substr(start).ends_with(end)) {
      const auto byte = in.get();
      if (!byte) return;
      heard_ += *byte;
    }
  }

  Fd client_;
  std::string heard_;
  std::thread thread_;
};

}  // namespace qmail::test
