#include "installer/transaction/step.h"

#include <algorithm>
#include <array>

namespace qmail::transaction {
namespace {

using nlohmann::json;

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= ' ' && c <= '~') || c == '\n' || c == '\t'; });
}

/// JSON holds text, files hold bytes: what is not plain text becomes {"hex": "..."}.
json encode(const std::string& bytes) {
  if (is_plain(bytes)) return bytes;
  std::string hex;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex += {"0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 0xf]};
  }
  return {{"hex", hex}};
}

json encode(unsigned number) { return number; }

std::optional<std::string> from_hex(std::string_view hex) {
  std::string bytes;
  if (hex.size() % 2 != 0) return std::nullopt;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const std::size_t high = std::string_view("0123456789abcdef").find(hex[i]);
    const std::size_t low = std::string_view("0123456789abcdef").find(hex[i + 1]);
    if (high > 15 || low > 15) return std::nullopt;
    bytes += static_cast<char>(high << 4 | low);
  }
  return bytes;
}

bool decode(const json& value, std::string& bytes) {
  if (value.is_string()) {
    bytes = value.get<std::string>();
    return true;
  }
  if (!value.is_object() || !value.contains("hex") || !value["hex"].is_string()) return false;
  const auto decoded = from_hex(value["hex"].get_ref<const std::string&>());
  bytes = decoded.value_or("");
  return decoded.has_value();
}

bool decode(const json& value, unsigned& number) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > ~0U) return false;
  number = value.get<unsigned>();
  return true;
}

template <typename Kind>
bool parse_as(const json& object, std::optional<Step>& step) {
  if (object["kind"] != Kind::kind) return false;
  Kind parsed;
  bool sound = true;
  Kind::each(parsed, [&](const char* name, auto& member) {
    sound = sound && object.contains(name) && decode(object[name], member);
  });
  if (sound) step = parsed;
  return true;
}

template <typename... Kinds>
std::optional<Step> parse_any(const json& object, const std::variant<Kinds...>*) {
  std::optional<Step> step;
  // A kind that is none of these leaves `step` empty.
  static_cast<void>((parse_as<Kinds>(object, step) || ...));
  return step;
}

}  // namespace

json to_json(const Step& step) {
  return std::visit(
      []<typename Kind>(const Kind& known) {
        json object{{"kind", Kind::kind}};
        Kind::each(known, [&](const char* name, const auto& member) { object[name] = encode(member); });
        return object;
      },
      step);
}

json to_json(const Plan& plan) {
  json steps = json::array();
  for (const Step& step : plan.steps) steps.push_back(to_json(step));
  return {{"title", encode(plan.title)}, {"steps", steps}};
}

std::optional<Step> parse_step(const json& object) {
  if (!object.is_object() || !object.contains("kind")) return std::nullopt;
  return parse_any(object, static_cast<const Step*>(nullptr));
}

std::optional<Plan> parse_plan(const json& object) {
  Plan plan;
  if (!object.is_object() || !object.contains("title") || !decode(object["title"], plan.title))
    return std::nullopt;
  if (!object.contains("steps") || !object["steps"].is_array()) return std::nullopt;
  for (const json& item : object["steps"]) {
    auto step = parse_step(item);
    if (!step) return std::nullopt;
    plan.steps.push_back(*std::move(step));
  }
  return plan;
}

std::string octal(mode_t mode) {
  std::string text;
  for (int shift = 9; shift >= 0; shift -= 3) text += static_cast<char>('0' + (mode >> shift & 7));
  return text;
}

std::optional<std::string> inverse_of(const std::string& verb) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> pairs{
      {{"start", "stop"}, {"enable", "disable"}, {"mask", "unmask"}}};
  for (const auto& [one, other] : pairs) {
    if (verb == one) return std::string(other);
    if (verb == other) return std::string(one);
  }
  return std::nullopt;
}

}  // namespace qmail::transaction
