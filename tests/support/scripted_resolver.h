// A resolver for tests: answers what it was told, and remembers what it was asked.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "core/base/text.h"
#include "core/dns/resolver.h"

namespace qmail::test {

class ScriptedResolver final : public dns::Resolver {
 public:
  /// A name with no script does not exist.
  std::map<std::string, std::vector<std::string>> hosts;  ///< addresses as text
  std::map<std::string, std::vector<dns::Mx>> exchangers;
  std::map<std::string, std::vector<std::string>> pointers;  ///< by address
  std::map<std::string, std::vector<std::string>> text_records;
  std::vector<std::string> failing;  ///< "MX example", "A example", "PTR 192.0.2.1", "TXT example"
  std::vector<std::string> asked;    ///< in the same form, in order
  std::uint32_t ttl = 60;            ///< of every answer that is not a failure

  dns::Answer<Ip> addresses(const std::string& name) override {
    dns::Answer<Ip> answer;
    const auto found = answer_from<std::string>(hosts, "A", name);
    answer.status = found.status;
    answer.ttl = found.ttl;
    for (const std::string& text : found.records) answer.records.push_back(Ip::parse(text).value());
    return answer;
  }
  dns::Answer<dns::Mx> mail_exchangers(const std::string& domain) override {
    return answer_from<dns::Mx>(exchangers, "MX", domain);
  }
  dns::Answer<std::string> names(const Ip& ip) override {
    return answer_from<std::string>(pointers, "PTR", ip.text());
  }
  dns::Answer<std::string> texts(const std::string& name) override {
    return answer_from<std::string>(text_records, "TXT", name);
  }

 private:
  template <typename Record>
  dns::Answer<Record> answer_from(const std::map<std::string, std::vector<Record>>& script,
                                  const std::string& type, const std::string& name) {
    asked.push_back(type + " " + name);
    for (const std::string& failure : failing)
      if (failure == asked.back()) return {dns::Status::try_again};
    const auto found = script.find(lower(name));
    if (found == script.end()) return {.ttl = ttl};
    return {dns::Status::found, found->second, ttl};
  }
};

}  // namespace qmail::test
