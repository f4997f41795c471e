#include "core/programs/setforward/forward_table.h"

#include "core/base/failure.h"
#include "core/format/forward_command.h"

namespace qmail {

void ForwardTable::put(std::string_view piece) {
  for (const char c : piece) {
    if (reading_ == Reading::escaped) {
      reading_ = Reading::text;
      append(c);
    } else if (reading_ == Reading::comment) {
      if (c == '\n') reading_ = Reading::text;
    } else {
      take(c);
    }
    if (c == '\n') ++line_;
  }
}

void ForwardTable::end() const {
  if (in_commands_ || !target_.empty()) refuse("final instruction must end with semicolon");
}

void ForwardTable::take(char c) {
  switch (c) {
    case '#': reading_ = Reading::comment; break;
    case '\\': reading_ = Reading::escaped; break;
    case ' ':
    case '\t':
    case '\n': break;
    case ':': start_commands(); break;
    case ',': end_command(); break;
    case ';': end_instruction(); break;
    default: append(c);
  }
}

void ForwardTable::start_commands() {
  if (in_commands_) refuse("double colons are not permitted");
  in_commands_ = true;
}

void ForwardTable::end_command() {
  using Kind = ForwardCommand::Kind;
  if (!in_commands_) refuse("commas are not permitted before colons");
  if (command_.empty()) return;
  if (command_.front() == '?') {
    add_(forward_key('?', target_), std::string_view(command_).substr(1));
  } else {
    const Kind kind = forward_command_kind(command_);
    if (kind == Kind::recipient || kind == Kind::unknown) {
      if (command_.size() > longest_forward_address) refuse("addresses over 800 bytes are not permitted");
      if (command_.front() != '&') commands_ += '&';
    }
    commands_.append(command_).append(1, '\0');
  }
  command_.clear();
}

void ForwardTable::end_instruction() {
  end_command();
  if (!commands_.empty()) add_(forward_key(':', target_), commands_);
  target_.clear();
  commands_.clear();
  in_commands_ = false;
}

void ForwardTable::append(char c) {
  if (c == '\0') refuse("NUL bytes are not permitted");
  (in_commands_ ? command_ : target_) += c;
}

void ForwardTable::refuse(const std::string& why) const {
  throw Failure(Exit::permanent, why + ": line " + std::to_string(line_));
}

}  // namespace qmail
