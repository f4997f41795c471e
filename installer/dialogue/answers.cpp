#include "installer/dialogue/answers.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "installer/facts/host_name.h"

namespace qmail::dialogue {
namespace {

using nlohmann::json;
using Problem = std::optional<Message>;

bool is_full_host_name(std::string_view name) {
  return facts::is_host_name(name) && name.find('.') != std::string_view::npos;
}

/// What can stand behind "&" in a .qmail file and means an address to everybody who reads it.
bool is_recipient(std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("@.-_+=").find(c) != std::string_view::npos;
  });
  return plain && !text.empty() && text.front() != '@' && text.back() != '@';
}

Problem take_role(Given&, const json& value) {
  if (!value.is_string()) return Message{Text::answers_not_text, {"role"}};
  if (value == "internet") return std::nullopt;
  return Message{Text::answers_bad_role, {value.get<std::string>()}};
}

Problem take_host_name(Given& given, const json& value) {
  if (!value.is_string()) return Message{Text::answers_not_text, {"hostname"}};
  const auto name = lower(value.get<std::string>());
  if (!is_full_host_name(name)) return Message{Text::answers_bad_host_name, {name}};
  given.host_name = name;
  return std::nullopt;
}

Problem take_domains(Given& given, const json& value) {
  const Message wrong_type{Text::answers_not_list, {"domains"}};
  if (!value.is_array()) return wrong_type;
  std::vector<std::string> domains;
  for (const json& item : value) {
    if (!item.is_string()) return wrong_type;
    domains.push_back(lower(item.get<std::string>()));
    if (!facts::is_host_name(domains.back())) return Message{Text::answers_bad_domain, {domains.back()}};
  }
  given.domains = domains;
  return std::nullopt;
}

Problem take_postmaster(Given& given, const json& value) {
  if (!value.is_string()) return Message{Text::answers_not_text, {"postmaster"}};
  given.postmaster = value.get<std::string>();
  if (is_recipient(*given.postmaster)) return std::nullopt;
  return Message{Text::answers_bad_postmaster, {*given.postmaster}};
}

Problem take_tls(Given& given, const json& value) {
  if (!value.is_boolean()) return Message{Text::answers_not_truth, {"tls"}};
  given.tls = value.get<bool>();
  return std::nullopt;
}

struct Key {
  const char* name;
  Problem (*take)(Given&, const json&);
};
constexpr Key keys[] = {{"role", take_role},
                        {"hostname", take_host_name},
                        {"domains", take_domains},
                        {"postmaster", take_postmaster},
                        {"tls", take_tls}};

}  // namespace

std::variant<Given, Message> parse_answers(std::string_view text, const std::string& name) {
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) return Message{Text::answers_not_json, {name}};
  Given given;
  for (const auto& [key, value] : object.items()) {
    const auto* known =
        std::find_if(std::begin(keys), std::end(keys), [&k = key](const Key& one) { return k == one.name; });
    if (known == std::end(keys))
      return Message{Text::answers_unknown_key, {key, "role, hostname, domains, postmaster, tls"}};
    if (const Problem problem = known->take(given, value)) return *problem;
  }
  return given;
}

std::string usable_name(const std::string& host_name) {
  if (is_full_host_name(host_name)) return host_name;
  return (facts::is_host_name(host_name) ? host_name : "localhost") + ".localdomain";
}

Answers complete(const Given& given, const std::string& host_name) {
  Answers answers;
  answers.host_name = given.host_name.value_or(usable_name(host_name));
  answers.domains = given.domains.value_or(std::vector<std::string>{});
  answers.postmaster = given.postmaster.value_or("");
  answers.tls = given.tls.value_or(false);
  return answers;
}

}  // namespace qmail::dialogue
