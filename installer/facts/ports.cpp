#include "installer/facts/ports.h"

#include <algorithm>
#include <array>
#include <boost/filesystem.hpp>
#include <charconv>
#include <optional>

#include "core/base/text.h"
#include "core/format/ip.h"
#include "installer/facts/words.h"
#include "installer/transaction/tree.h"

namespace qmail::facts {
namespace {

namespace fs = boost::filesystem;

constexpr std::string_view listening_state = "0A";

std::optional<std::uint32_t> parse_hex(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Words of four bytes, each in the order of the machine: little-endian on all that qmailkit runs on.
std::optional<std::string> parse_address(std::string_view hex) {
  std::array<std::uint8_t, 16> bytes{};
  if (hex.size() != 8 && hex.size() != 32) return std::nullopt;
  for (std::size_t word = 0; word < hex.size() / 8; ++word) {
    const auto value = parse_hex(hex.substr(word * 8, 8));
    if (!value) return std::nullopt;
    for (std::size_t i = 0; i < 4; ++i) bytes[word * 4 + i] = static_cast<std::uint8_t>(*value >> (8 * i));
  }
  if (hex.size() == 8) return Ip::v4({bytes[0], bytes[1], bytes[2], bytes[3]}).text();
  return Ip::v6(bytes).text();
}

bool has_open(const fs::path& process, const std::string& socket) {
  boost::system::error_code ignored;  // a process may end while we look
  for (fs::directory_iterator fd(process / "fd", ignored), end; !ignored && fd != end; fd.increment(ignored))
    if (fs::read_symlink(fd->path(), ignored) == socket) return true;
  return false;
}

Listener describe(const std::string& address, std::uint32_t pid) {
  const transaction::Tree machine("/");
  const std::string process = "/proc/" + std::to_string(pid);
  boost::system::error_code hidden;
  const std::string program = fs::read_symlink(process + "/exe", hidden).string();
  return {.address = address,
          .pid = static_cast<pid_t>(pid),
          .program = program,
          .unit = unit_in(machine.read(process + "/cgroup").value_or("")),
          .package = program.empty() ? "" : package_of(machine, program)};
}

Listener find_process(const ListeningSocket& listening) {
  const std::string socket = "socket:[" + std::to_string(listening.inode) + "]";
  boost::system::error_code ignored;
  for (fs::directory_iterator entry("/proc", ignored), end; !ignored && entry != end;
       entry.increment(ignored)) {
    const auto pid = parse_number<std::uint32_t>(entry->path().filename().string());
    if (!pid || !has_open(entry->path(), socket)) continue;
    return describe(listening.address, *pid);
  }
  return {.address = listening.address, .pid = 0, .program = ""};
}

}  // namespace

std::vector<ListeningSocket> parse_listening(std::string_view text, std::uint16_t port) {
  constexpr std::size_t inode_field = 9;
  std::vector<ListeningSocket> sockets;
  for (const std::string_view line : split(text, '\n')) {
    const auto fields = words(line);
    if (fields.size() <= inode_field || fields[3] != listening_state) continue;
    const std::size_t colon = fields[1].find(':');
    if (colon == std::string_view::npos || parse_hex(fields[1].substr(colon + 1)) != port) continue;
    const auto address = parse_address(fields[1].substr(0, colon));
    const auto inode = parse_number<std::uint64_t>(fields[inode_field]);
    if (address && inode) sockets.push_back({*address, *inode});
  }
  return sockets;
}

std::string unit_in(std::string_view control_group) {
  const std::string_view last = trim_end(control_group.substr(control_group.rfind('/') + 1));
  return last.ends_with(".service") ? std::string(last) : "";
}

std::string package_of(const transaction::Tree& tree, const std::string& path) {
  constexpr std::string_view folder = "/var/lib/dpkg/info/", list = ".list", merged = "/usr";
  for (const std::string& name : tree.names(std::string(folder))) {
    if (!name.ends_with(list)) continue;
    const auto text = tree.read(std::string(folder) + name);
    if (!text) continue;
    for (const std::string_view line : split(*text, '\n'))
      if (line == path || (path.starts_with(merged) && line == std::string_view(path).substr(merged.size())))
        return name.substr(0, std::min(name.find(':'), name.size() - list.size()));
  }
  return "";
}

std::vector<Listener> find_listeners(std::uint16_t port) {
  const transaction::Tree machine("/");
  std::vector<Listener> listeners;
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"})
    for (const ListeningSocket& socket : parse_listening(machine.read(table).value_or(""), port))
      listeners.push_back(find_process(socket));
  return listeners;
}

}  // namespace qmail::facts
