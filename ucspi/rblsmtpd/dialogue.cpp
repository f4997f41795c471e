#include "ucspi/rblsmtpd/dialogue.h"

#include <algorithm>
#include <array>

#include "core/base/io.h"
#include "core/base/text.h"

namespace qmail::ucspi {
namespace {

constexpr std::string_view permanent = "553 ", temporary = "451 ";
constexpr std::size_t longest_text = 200;
/// A verb and more than enough behind it.
constexpr std::size_t longest_line = 1000;
constexpr std::array<std::string_view, 5> harmless{"helo", "ehlo", "mail", "rset", "noop"};

}  // namespace

std::string refusal_line(const Verdict& verdict) {
  std::string text = verdict.text.substr(0, longest_text);
  std::ranges::replace_if(
      text, [](char c) { return c < ' ' || c > '~'; }, '?');
  return std::string(verdict.is_permanent ? permanent : temporary) + text;
}

std::optional<std::string> words_of(const Verdict& verdict) {
  const std::string text = refusal_line(verdict).substr(temporary.size());
  if (verdict.is_permanent) return "-" + text;
  if (text.empty() || text.starts_with('-')) return std::nullopt;
  return text;
}

void refuse_all(int in, int out, std::string_view refusal) {
  Reader client(in);
  Writer answers(out);
  std::string line;
  bool is_there = answers.put("220 rblsmtpd.local\r\n").flush();
  while (is_there && client.line(line, longest_line)) {
    if (line.ends_with('\r')) line.pop_back();
    const std::string_view verb = std::string_view(line).substr(0, line.find(' '));
    const auto is_verb = [verb](std::string_view known) { return equal_nocase(verb, known); };
    const bool is_over = is_verb("quit");
    if (is_over)
      answers.put("221 rblsmtpd.local");
    else if (std::ranges::any_of(harmless, is_verb))
      answers.put("250 rblsmtpd.local");
    else
      answers.put(refusal);
    is_there = answers.put("\r\n").flush() && !is_over;
  }
}

}  // namespace qmail::ucspi
