#include "core/programs/printforward/print_forward.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "core/base/failure.h"
#include "core/base/io.h"
#include "core/format/forward_command.h"

namespace qmail {
namespace {

constexpr std::uint32_t cdb_header_size = 2048;

[[noreturn]] void refuse() { throw Failure(Exit::permanent, "bad database format"); }

/// The records of a cdb as they come through a pipe.
class Records {
 public:
  explicit Records(int in) : input_(in) {
    left_ = number();
    if (left_ < cdb_header_size) refuse();
    left_ -= 4;
    take(cdb_header_size - 4);
  }
  bool at_end() const { return left_ == 0; }
  std::uint32_t number() {
    const std::string bytes = take(4);
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
  }
  /// Grows with what arrives, not with what the database claims to have.
  std::string take(std::uint32_t count) {
    if (count > left_) refuse();
    left_ -= count;
    std::string bytes;
    while (bytes.size() < count) {
      const std::string_view piece = input_.peek().substr(0, count - bytes.size());
      if (piece.empty() && input_.stopped() == Stop::failed)
        throw Failure::system("read input", input_.error());
      if (piece.empty()) refuse();
      bytes += piece;
      input_.take(piece.size());
    }
    return bytes;
  }

 private:
  Reader input_;
  std::uint32_t left_ = 4;  ///< of the records; first of the number that tells how many bytes they have
};

/// With a backslash before every byte that setforward would not take as text; as stock, before all beyond
/// ASCII.
std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 32 || byte > 127 || std::string_view(",:;\\#").find(c) != std::string_view::npos)
      safe += '\\';
    safe += c;
  }
  return safe;
}

void print_commands(std::string_view commands, Writer& text) {
  while (const auto command = take_forward_command(commands)) {
    if (command->kind == ForwardCommand::Kind::unknown) refuse();
    text.put(", ").put(escaped(command->text)).put('\n');
  }
  if (!commands.empty()) refuse();
}

}  // namespace

void print_forward(int in, int out) {
  Records records(in);
  Writer text(out);
  while (!records.at_end()) {
    const std::uint32_t key_size = records.number();
    const std::uint32_t data_size = records.number();
    const std::string key = records.take(key_size);
    const std::string data = records.take(data_size);
    const char kind = key.empty() ? '\0' : key.front();
    if (kind != '?' && kind != ':') refuse();
    text.put(escaped(key.substr(1)));
    if (kind == '?') {
      text.put(": ?").put(escaped(data));
    } else {
      text.put(":\n");
      print_commands(data, text);
    }
    text.put(";\n");
  }
  text.flush_or_throw("output");
}

}  // namespace qmail
