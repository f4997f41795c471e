#include "installer/dialogue/messages.h"

#include <algorithm>

#include "installer/dialogue/phrases.h"

namespace qmail::dialogue {
namespace {

using transaction::AddGroup;
using transaction::AddUser;
using transaction::MakeDirectory;
using transaction::MakeFifo;
using transaction::MakeSymlink;
using transaction::PutFile;
using transaction::Remove;
using transaction::RemoveGroup;
using transaction::RemoveUser;
using transaction::RunService;
using transaction::SetMode;
using transaction::Step;

struct Describe {
  Message operator()(const MakeDirectory& s) {
    return {Text::make_directory, {s.path, s.owner, s.group, transaction::octal(s.mode)}};
  }
  Message operator()(const PutFile& s) {
    return {Text::put_file, {s.path, s.owner, s.group, transaction::octal(s.mode)}};
  }
  Message operator()(const MakeSymlink& s) { return {Text::make_symlink, {s.path, s.target}}; }
  Message operator()(const MakeFifo& s) {
    return {Text::make_fifo, {s.path, s.owner, s.group, transaction::octal(s.mode)}};
  }
  Message operator()(const SetMode& s) {
    return {Text::set_mode, {s.path, s.owner, s.group, transaction::octal(s.mode)}};
  }
  Message operator()(const Remove& s) { return {Text::remove, {s.path}}; }
  Message operator()(const AddGroup& s) { return {Text::add_group, {s.name, std::to_string(s.gid)}}; }
  Message operator()(const AddUser& s) {
    return {Text::add_user, {s.name, std::to_string(s.uid), s.group, s.home}};
  }
  Message operator()(const RemoveGroup& s) { return {Text::remove_group, {s.name}}; }
  Message operator()(const RemoveUser& s) { return {Text::remove_user, {s.name}}; }
  Message operator()(const RunService& s) { return {Text::service, {s.verb, s.unit}}; }
};

}  // namespace

Language find_language(const Environment& environment) {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
    if (const auto value = environment.find(name); value && !value->empty())
      return value->starts_with("ja") ? Language::japanese : Language::english;
  return Language::english;
}

std::string say(const Message& message, Language language) {
  const Phrase& phrase = phrases[static_cast<std::size_t>(message.text)];
  std::string_view form = language == Language::japanese ? phrase.japanese : phrase.english;
  std::string text;
  while (!form.empty()) {
    const std::size_t at = std::min(form.find('{'), form.size());
    text += form.substr(0, at);
    form.remove_prefix(at);
    if (form.empty()) break;
    const auto number = static_cast<std::size_t>(form[1] - '0');
    if (number < message.values.size()) text += message.values[number];
    form.remove_prefix(std::string_view("{0}").size());
  }
  return text;
}

std::string say(const Step& step, Language language) { return say(std::visit(Describe(), step), language); }

}  // namespace qmail::dialogue
