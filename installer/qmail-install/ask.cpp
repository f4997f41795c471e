#include "installer/qmail-install/ask.h"

#include "core/base/text.h"
#include "installer/facts/host_name.h"

namespace qmail::installer {
namespace {

using dialogue::Text;

/// A line that the person types, byte by byte so that nothing is taken that belongs to the next question.
std::string read_answer(const Console& console) {
  std::string answer;
  char byte = 0;
  while (::read(console.in, &byte, 1) == 1 && byte != '\n') answer += byte;
  return std::string(trim_end(answer));
}

/// Blank-separated words; none if one of them is no host name, which the person is told.
std::optional<std::vector<std::string>> take_names(Report& report, const std::string& answer) {
  std::vector<std::string> names;
  for (const std::string_view word : split(answer, ' ')) {
    if (word.empty()) continue;
    if (!facts::is_host_name(word)) {
      report.tell({Text::not_a_host_name, {std::string(word)}});
      return std::nullopt;
    }
    names.push_back(lower(word));
  }
  return names;
}

/// The person is told if it is not.
bool is_full(Report& report, const std::string& name) {
  if (name.find('.') != std::string::npos) return true;
  report.tell({Text::not_a_host_name, {name}});
  return false;
}

/// Asks until the answer can be taken; an empty one keeps `otherwise`.
std::vector<std::string> ask_names(Report& report, const Console& console, Text question,
                                   const std::vector<std::string>& otherwise) {
  std::string shown;
  for (const std::string& name : otherwise) shown += (shown.empty() ? "" : " ") + name;
  for (;;) {
    report.ask({question, {shown}});
    const auto names = take_names(report, read_answer(console));
    if (names) return names->empty() ? otherwise : *names;
  }
}

}  // namespace

dialogue::Answers ask_answers(Report& report, const Console& console, const dialogue::Answers& defaults) {
  dialogue::Answers answers = defaults;
  do answers.host_name = ask_names(report, console, Text::ask_host_name, {defaults.host_name}).front();
  while (!is_full(report, answers.host_name));
  const auto domains = defaults.domains.empty() ? std::vector{answers.host_name} : defaults.domains;
  answers.domains = ask_names(report, console, Text::ask_domains, domains);
  return answers;
}

bool ask_whether(Report& report, const Console& console, const dialogue::Message& question) {
  report.ask(question);
  return starts_nocase(read_answer(console), "y");
}

}  // namespace qmail::installer
