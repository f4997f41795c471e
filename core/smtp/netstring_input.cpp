#include "core/smtp/netstring_input.h"

#include <algorithm>

namespace qmail {
namespace {

constexpr std::uint64_t longest_prefix = 200000000;  // stock looks at the number before each further digit

Failure bad_protocol(const std::string& why) { return {Exit::permanent, "bad protocol: " + why}; }

}  // namespace

std::string_view NetstringInput::peek() {
  if (left_ == 0U) throw bad_protocol("a netstring is longer than the one around it");
  std::string_view ready = in_.peek();
  if (ready.empty()) throw Failure(Exit::ok, "");
  if (left_) ready = ready.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(ready.size(), *left_)));
  return ready;
}

void NetstringInput::take(std::size_t count) {
  in_.take(count);
  if (left_) *left_ -= count;
}

std::uint64_t NetstringInput::length() {
  std::uint64_t length = 0;
  for (;;) {
    const char c = peek().front();
    take(1);
    if (c == ':') return length;
    if (length > longest_prefix) throw Failure(Exit::temporary, "a netstring is too long");
    if (c < '0' || c > '9') throw bad_protocol("no length of a netstring");
    length = 10 * length + static_cast<std::uint64_t>(c - '0');
  }
}

void NetstringInput::comma() {
  if (peek().front() != ',') throw bad_protocol("no comma behind a netstring");
  take(1);
}

void NetstringInput::pass(std::uint64_t count, const std::function<void(std::string_view)>& use) {
  while (count > 0) {
    std::string_view piece = peek();
    piece = piece.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), count)));
    use(piece);
    take(piece.size());
    count -= piece.size();
  }
}

std::optional<std::string> NetstringInput::address(std::uint64_t size) {
  const bool fits = size < too_long_address;
  std::string text;
  pass(size, [&](std::string_view piece) {
    if (fits) text += piece;
  });
  comma();
  return fits ? std::optional(std::move(text)) : std::nullopt;
}

Ending quiet_about_lost_clients(const std::string& program) {
  const auto report = [program](const std::string& why) {
    // Nobody is left to tell if standard error is gone.
    if (!why.empty()) static_cast<void>(Writer(2).put(program + ": fatal: " + why + "\n").flush());
  };
  return {.report = report};
}

std::string accepted_answer(std::int64_t now, std::uint64_t qp) {
  return "Kok " + std::to_string(now) + " qp " + std::to_string(qp);
}

}  // namespace qmail
