#include "core/smtp/data_decoder.h"

#include "core/base/text.h"

namespace qmail::smtpd {

DataDecoder::Outcome DataDecoder::decode(std::string_view& in, const Put& put) {
  while (!in.empty()) {
    const char next = in.front();
    Outcome outcome = Outcome::more;
    switch (state_) {
      case State::in_line: outcome = decode_line(in, put); break;
      case State::line_start:
        state_ = next == '.' ? State::dot : State::in_line;
        if (next == '.') in.remove_prefix(1);
        break;
      case State::cr:
        put(next == '\n' ? "\n" : "\r");
        state_ = next == '\n' ? State::line_start : State::in_line;
        if (next == '\n') in.remove_prefix(1);
        break;
      case State::dot:
        state_ = next == '\r' ? State::dot_cr : State::in_line;
        if (next == '\r') in.remove_prefix(1);
        break;
      case State::dot_cr:
        if (next == '\n') {
          in.remove_prefix(1);
          return Outcome::done;
        }
        put(".\r");  // stock keeps the dot here
        state_ = State::in_line;
        break;
    }
    if (outcome != Outcome::more) return outcome;
  }
  return Outcome::more;
}

/// The rest of a line, or as much of it as there is. A CR at the very end waits for what follows it.
DataDecoder::Outcome DataDecoder::decode_line(std::string_view& in, const Put& put) {
  const std::size_t newline = in.find('\n');
  std::string_view line = in.substr(0, newline);
  const bool ends_with_cr = line.ends_with('\r');
  if (ends_with_cr) line.remove_suffix(1);
  if (newline == std::string_view::npos) {
    put(line);
    in = {};
    state_ = ends_with_cr ? State::cr : State::in_line;
    return Outcome::more;
  }
  if (!ends_with_cr) return Outcome::stray_newline;
  put(line);
  put("\n");
  in.remove_prefix(newline + 1);
  state_ = State::line_start;
  return Outcome::more;
}

namespace {

constexpr std::string_view received = "received";
constexpr std::string_view delivered = "delivered";

}  // namespace

void HopCounter::see(std::string_view raw) {
  while (in_header_ && !raw.empty()) {
    if (start_.size() < delivered.size()) {
      start_ += raw.front();
      raw.remove_prefix(1);
      judge();
      if (start_.back() == '\n') start_.clear();
    } else {
      const std::size_t newline = raw.find('\n');
      if (newline == std::string_view::npos) return;
      raw.remove_prefix(newline + 1);
      start_.clear();
    }
  }
}

void HopCounter::judge() {
  if (equal_nocase(start_, received) || equal_nocase(start_, delivered)) ++hops_;
  if (start_ == "\r\n") in_header_ = false;
}

}  // namespace qmail::smtpd
