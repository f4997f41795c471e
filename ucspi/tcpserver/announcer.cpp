#include "ucspi/tcpserver/announcer.h"

#include "core/base/io.h"

namespace qmail::ucspi {
namespace {

constexpr std::size_t longest_piece = 100;

/// Colons divide the line, and '%' upsets some loggers.
std::string safe(std::string_view text) {
  std::string result(text.substr(0, longest_piece));
  for (char& c : result)
    if (c < 33 || c > 126 || c == '%' || c == ':') c = '?';
  if (text.size() >= longest_piece) result += "...";
  return result;
}

std::string divided(const std::string& ip) { return ip.find(':') == std::string::npos ? ip : "[" + ip + "]"; }

std::string verdict(const char* word, pid_t pid, const Peer& peer) {
  return std::string("tcpserver: ") + word + " " + std::to_string(pid) + " " + safe(peer.local_host) + ":" +
         divided(peer.local_ip) + ":" + peer.local_port + " " + safe(peer.remote_host) + ":" +
         divided(peer.remote_ip) + ":" + safe(peer.remote_info) + ":" + peer.remote_port;
}

}  // namespace

std::string status_line(std::size_t children, std::size_t limit) {
  return "tcpserver: status: " + std::to_string(children) + "/" + std::to_string(limit) + "\n";
}

std::string pid_line(pid_t pid, std::string_view remote_ip) {
  return "tcpserver: pid " + std::to_string(pid) + " from " + std::string(remote_ip) + "\n";
}

std::string end_line(pid_t pid, int wait_status) {
  return "tcpserver: end " + std::to_string(pid) + " status " + std::to_string(wait_status) + "\n";
}

std::string verdict_line(bool deny, pid_t pid, const Peer& peer) {
  return verdict(deny ? "deny" : "ok", pid, peer) + "\n";
}

std::string limit_line(const Peer& peer, const Limit& limit) {
  return verdict("deny", 0, peer) + " " + limit.name + ":" + safe(limit.value) + "\n";
}

void Announcer::say(const std::string& line) {
  if (verbosity_ != Verbosity::everything) return;
  held_ += line;
  if (in_child_) flush();
}

void Announcer::flush() {
  // Without a log the server goes on serving.
  static_cast<void>(Writer(err_).put(held_).flush());
  held_.clear();
}

void Announcer::warn_dropping(const std::string& why) {
  if (verbosity_ == Verbosity::quiet) return;
  held_ += "tcpserver: warning: dropping connection, " + why + "\n";
  flush();
}

void Announcer::last_words(const std::string& why) {
  if (in_child_) return warn_dropping(why);
  if (verbosity_ == Verbosity::quiet) return;
  held_ += "tcpserver: fatal: " + why + "\n";
  flush();
}

}  // namespace qmail::ucspi
