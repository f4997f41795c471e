#include "core/mailbox/message_text.h"

#include <utility>

#include "core/base/failure.h"
#include "core/format/header_field.h"

namespace qmail::mailbox {
namespace {

/// What more of a field or a line would nobody see.
constexpr std::size_t longest_shown = 4096;

std::string without_newline(const std::string& field) {
  return field.substr(0, field.ends_with('\n') ? field.size() - 1 : field.size());
}

}  // namespace

std::optional<std::string> MessageText::read_line() {
  std::string line;
  const bool is_ended = in_.line(line, longest_);
  if (in_.stopped() == Stop::failed) throw Failure::system("read message", in_.error());
  if (!is_ended && line.empty()) return std::nullopt;
  return line + "\n";
}

void MessageText::read_header(std::function<void(const std::string&)> on_field) {
  header::HeaderSplitter splitter(std::move(on_field), longest_);
  while (auto line = read_line()) {
    if (splitter.take(*line)) continue;
    blank_ = "\n";
    if (*line != "\n") first_ = std::move(line);
    return;
  }
  splitter.end();
}

std::optional<std::string> MessageText::next_line() {
  for (std::optional<std::string>* kept : {&blank_, &first_})
    if (*kept) return std::exchange(*kept, std::nullopt);
  return read_line();
}

Summary summarize(int fd, std::size_t longest_text) {
  Summary summary;
  const auto add = [&](std::string_view more) {
    summary.text += more.substr(0, longest_text - summary.text.size());
  };
  MessageText message(fd, longest_shown);
  message.read_header([&](const std::string& field) {
    const std::string_view value = header::value_of(field);
    if (header::is_field(field, "subject") && !value.empty()) add(std::string(value) + "\n");
    if (header::is_field(field, "return-path") && !value.empty()) summary.sender = value;
    if (header::is_field(field, "delivered-to") && !value.empty()) summary.recipient = value;
    if (header::is_field(field, "from")) summary.from = without_newline(field);
  });
  while (summary.text.size() < longest_text) {
    const auto line = message.next_line();
    if (!line) break;
    add(*line);
  }
  return summary;
}

}  // namespace qmail::mailbox
