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

  /// Says the first of `script`, then one more for each line it hears; after one whose last line starts with
  /// "354" for each message. Hangs up when the script is over, as soon as it is.
  explicit ScriptedSmtpServer(std::vector<std::string> script, bool byte_by_byte = false)
      : byte_by_byte_(byte_by_byte) {
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
    wait_until_over();
  }

  /// The client's end.
  Fd take_client() { return std::move(client_); }
  /// All the client sent, once both ends are closed.
  const std::string& heard() {
    wait_until_over();
    return heard_;
  }
  /// Until it has hung up.
  void wait_until_over() {
    if (thread_.joinable()) thread_.join();
  }

 private:
  void serve(const std::vector<std::string>& script, const Fd& server) {
    Reader in(server.get());
    for (const std::string& line : script) {
      if (line == silence) break;
      if (!say(server.get(), line)) break;
      if (&line != &script.back()) hear(in, asks_for_message(line) ? "\r\n.\r\n" : "\r\n");
    }
    if (!script.empty() && script.back() == silence) hear(in, std::string(1, '\0'));
    if (!script.empty() && script.back().starts_with("250")) hear(in, "\r\n");
  }
  bool say(int server, std::string_view line) const {
    const std::size_t step = byte_by_byte_ ? 1 : line.size();
    for (std::size_t at = 0; at < line.size(); at += step)
      if (!Writer(server).put(line.substr(at, step)).flush()) return false;
    return true;
  }
  static bool asks_for_message(std::string_view line) {
    return line.starts_with("354") || line.find("\n354") != std::string_view::npos;
  }
  void hear(Reader& in, const std::string& end) {
    const std::size_t start = heard_.size() - (end.size() > 2 ? 2 : 0);
    while (heard_.size() < start + end.size() || !std::string_view(heard_).substr(start).ends_with(end)) {
      const auto byte = in.get();
      if (!byte) return;
      heard_ += *byte;
    }
  }

  bool byte_by_byte_;
  Fd client_;
  std::string heard_;
  std::thread thread_;
};

}  // namespace qmail::test
