// An asker for tests: answers what it was told, in the order it was told, and remembers what it was asked.
#pragma once
#include <string>
#include <vector>

#include "core/dns/asker.h"

namespace qmail::test {

class ScriptedAsker final : public dns::Asker {
 public:
  struct Line {
    std::string question;  ///< "TXT 1.2.0.192.list.example", "A …"
    dns::Lookup lookup;
  };
  /// In the order the answers come. What has no line does not exist, and is answered last.
  std::vector<Line> script;
  std::vector<std::string> asked;
  std::size_t answered = 0;

  static dns::Lookup text(const std::string& text, std::uint32_t ttl = 0) {
    return {dns::Outcome::found, {{.owner = "", .type = dns::Type::txt, .text = text}}, ttl};
  }
  static dns::Lookup address(std::uint32_t ttl = 0) {
    return {
        dns::Outcome::found, {{.owner = "", .type = dns::Type::a, .address = Ip::v4({127, 0, 0, 2})}}, ttl};
  }
  static dns::Lookup nothing(std::uint32_t ttl = 0) { return {dns::Outcome::no_such_name, {}, ttl}; }
  static dns::Lookup failure() { return {}; }

  void ask(std::span<const dns::Question> questions, const dns::TakeLookup& take) override {
    std::vector<std::string> names;
    for (const auto& question : questions)
      names.push_back((question.type == dns::Type::txt ? "TXT " : "A ") + question.name);
    asked.insert(asked.end(), names.begin(), names.end());
    std::vector<bool> done(names.size());
    const auto tell = [&](std::size_t at, const dns::Lookup& lookup) {
      done[at] = true;
      ++answered;
      return take(at, lookup);
    };
    for (const Line& line : script)
      for (std::size_t at = 0; at < names.size(); ++at)
        if (!done[at] && names[at] == line.question && !tell(at, line.lookup)) return;
    for (std::size_t at = 0; at < names.size(); ++at)
      if (!done[at] && !tell(at, nothing())) return;
  }
};

}  // namespace qmail::test
