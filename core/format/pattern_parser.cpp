#include <algorithm>
#include <array>
#include <optional>

#include "core/base/text.h"
#include "core/format/pattern.h"

namespace qmail {
namespace {

constexpr std::size_t longest_expression = 2000;
constexpr std::size_t most_instructions = 5000;
constexpr std::size_t deepest = 50;
constexpr std::size_t most_repetitions = 255;  // RE_DUP_MAX of POSIX
using Problem = Pattern::Problem;

constexpr Problem nothing_to_repeat = "nothing in front of a *, +, ? or {";

struct Class {
  std::string_view name;
  bool (*has)(unsigned char);
};

constexpr bool is_between(unsigned char c, unsigned char first, unsigned char last) {
  return c >= first && c <= last;
}
constexpr bool is_upper(unsigned char c) { return is_between(c, 'A', 'Z'); }
constexpr bool is_letter(unsigned char c) { return is_between(c, 'a', 'z') || is_upper(c); }
constexpr bool is_digit(unsigned char c) { return is_between(c, '0', '9'); }
constexpr bool is_visible(unsigned char c) { return is_between(c, '!', '~'); }
constexpr bool is_word(unsigned char c) { return is_letter(c) || is_digit(c); }

/// Those of POSIX, in its own locale.
constexpr std::array<Class, 12> classes{{
    {"alpha", is_letter},
    {"digit", is_digit},
    {"alnum", is_word},
    {"upper", is_letter},  // for in either case it is both
    {"lower", is_letter},
    {"space", [](unsigned char c) { return c == ' ' || is_between(c, '\t', '\r'); }},
    {"blank", [](unsigned char c) { return c == ' ' || c == '\t'; }},
    {"punct", [](unsigned char c) { return is_visible(c) && !is_word(c); }},
    {"print", [](unsigned char c) { return c == ' ' || is_visible(c); }},
    {"graph", is_visible},
    {"cntrl", [](unsigned char c) { return c < ' ' || c == 127; }},
    {"xdigit",
     [](unsigned char c) { return is_digit(c) || is_between(static_cast<unsigned char>(c | 32), 'a', 'f'); }},
}};

using Set = std::bitset<256>;

/// With a letter both its cases.
void add(Set& set, unsigned char c) {
  set.set(c);
  if (is_letter(c)) set.set(c ^ 32U);
}

/// The byte, in lower case, that `set` is; none if it is several.
std::optional<unsigned char> only_byte(const Set& set) {
  std::size_t byte = 0;
  while (byte < set.size() && !set[byte]) ++byte;
  Set same;
  add(same, static_cast<unsigned char>(byte));
  if (byte == set.size() || set != same) return std::nullopt;
  return static_cast<unsigned char>(lower(static_cast<char>(byte)));
}

}  // namespace

/// Makes the program while it reads: Thompson's construction.
class PatternParser {
 public:
  explicit PatternParser(std::string_view expression) : rest_(expression) {
    pattern_.program_.reserve(std::min(expression.size() + 4, most_instructions));
  }

  std::variant<Pattern, Problem> whole() {
    if (rest_.size() > longest_expression) fail("more than 2000 characters");
    either(0);
    if (!rest_.empty()) fail("a ) without its (");
    end_run();
    put({Step::found});
    if (!problem_.empty()) return problem_;
    return std::move(pattern_);
  }

 private:
  using Step = Pattern::Step;
  using Program = std::vector<Pattern::Instruction>;

  /// The first problem counts; nothing is left to read then, and so everything comes to its end.
  void fail(Problem what) {
    if (problem_.empty()) problem_ = what;
    rest_ = {};
  }
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  unsigned char next(Problem if_none) {
    if (rest_.empty()) {
      fail(if_none);
      return 0;
    }
    const auto c = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return c;
  }

  void either(std::size_t depth);
  void sequence(std::size_t depth);
  void part(std::size_t depth);
  void escaped();
  void bracket();
  void add_class(Set& set);
  unsigned char range_end();
  bool repeat(std::size_t start);
  void interval(std::size_t start);
  std::size_t count();

  std::size_t here() const { return pattern_.program_.size(); }
  bool has_room_for(std::size_t instructions) {
    if (here() + instructions <= most_instructions) return true;
    fail("so many repetitions that it grows too large");
    return false;
  }
  void put(Pattern::Instruction instruction) {
    if (has_room_for(1)) pattern_.program_.push_back(instruction);
  }
  void put_byte(unsigned char c) { put({Step::byte, lower(c)}); }
  static std::int16_t lower(unsigned char c) {
    return static_cast<unsigned char>(qmail::lower(static_cast<char>(c)));
  }
  void put_set(const Set& set) {
    if (const auto c = only_byte(set)) return put_byte(*c);
    put({Step::any_of, static_cast<std::int16_t>(pattern_.sets_.size())});
    pattern_.sets_.push_back(set);
  }
  /// A fork in front of what stands from `start` on: into it, or over it and `more` instructions behind.
  void put_fork_before(std::size_t start, std::size_t more) {
    if (!has_room_for(1)) return;
    const std::size_t over = here() - start + more + 1;
    const auto place = pattern_.program_.begin() + static_cast<std::ptrdiff_t>(start);
    pattern_.program_.insert(place, {Step::fork, 1, static_cast<std::int16_t>(over)});
  }
  void put_way_back(Step step, std::size_t distance) {
    put({step, static_cast<std::int16_t>(-static_cast<std::ptrdiff_t>(distance)), 1});
  }

  /// A run of single bytes at the top, which every match has, is over.
  void end_run() {
    if (!has_choice_ && run_.size() > pattern_.needle_.size()) pattern_.needle_ = run_;
    run_.clear();
  }

  std::string_view rest_;
  Problem problem_;
  Pattern pattern_;
  std::string run_;
  bool has_choice_ = false;  ///< at the top
};

void PatternParser::either(std::size_t depth) {
  if (depth > deepest) fail("too many ( in one another");
  std::size_t start = here();
  std::vector<std::size_t> ends;
  sequence(depth);
  while (take('|')) {
    if (depth == 0) has_choice_ = true;
    put_fork_before(start, 1);
    ends.push_back(here());
    put({Step::go_on});
    start = here();
    sequence(depth);
  }
  if (depth == 0 && has_choice_) pattern_.needle_.clear();
  if (!problem_.empty()) return;
  for (const std::size_t end : ends) pattern_.program_[end].x = static_cast<std::int16_t>(here() - end);
}

void PatternParser::sequence(std::size_t depth) {
  while (!rest_.empty() && rest_.front() != '|' && rest_.front() != ')') {
    const std::size_t start = here();
    part(depth);
    std::size_t repetitions = 0;
    while (repeat(start))
      if (++repetitions > deepest) fail("too many * in a row");
    if (depth > 0) continue;
    const bool is_byte =
        repetitions == 0 && here() == start + 1 && pattern_.program_[start].step == Step::byte;
    if (is_byte)
      run_ += static_cast<char>(pattern_.program_[start].x);
    else
      end_run();
  }
}

void PatternParser::part(std::size_t depth) {
  const unsigned char c = next("");
  switch (c) {
    case '^': return put({Step::at_start});
    case '$': return put({Step::at_end});
    case '\\': return escaped();
    case '[': return bracket();
    case '.': return put_set(~Set(1));  // all but NUL
    case '*':
    case '+':
    case '?':
    case '{': return fail(nothing_to_repeat);
    case '(':
      either(depth + 1);
      if (!take(')')) fail("a ( without its )");
      return;
    default: return put_byte(c);
  }
}

void PatternParser::escaped() {
  const unsigned char c = next("a \\ at the end");
  // \b, \1 and the like mean something to some and the letter to others.
  if (is_word(c) || c == '<' || c == '>' || c == '`' || c == '\'')
    return fail("a \\ in front of a letter, a digit, <, >, ` or '");
  put_byte(c);
}

void PatternParser::bracket() {
  constexpr Problem open = "a [ without its ]";
  Set set;
  const bool is_negated = take('^');
  for (bool is_first = true; problem_.empty() && (is_first || !take(']')); is_first = false) {
    if (rest_.starts_with("[:")) {
      add_class(set);
      continue;
    }
    if (rest_.starts_with("[.") || rest_.starts_with("[=")) fail("a [. .] or [= =]");
    const unsigned char first = next(open);
    unsigned char last = first;
    if (rest_.size() > 1 && rest_[0] == '-' && rest_[1] != ']') last = range_end();
    if (last < first) fail("a range that ends before it begins");
    for (unsigned c = first; c <= last; ++c) add(set, static_cast<unsigned char>(c));
  }
  if (is_negated) set.flip().reset(0);
  put_set(set);
}

unsigned char PatternParser::range_end() {
  take('-');
  if (rest_.starts_with("[:") || rest_.starts_with("[.") || rest_.starts_with("[="))
    fail("a range that ends in a class");
  return next("");
}

void PatternParser::add_class(Set& set) {
  const std::size_t end = rest_.find(":]");
  if (end == std::string_view::npos) return fail("a [: without its :]");
  const std::string_view name = rest_.substr(2, end - 2);
  rest_.remove_prefix(end + 2);
  const auto found =
      std::find_if(classes.begin(), classes.end(), [&](const Class& known) { return known.name == name; });
  if (found == classes.end()) return fail("a [: :] that is not known");
  for (unsigned c = 1; c < 256; ++c)
    if (found->has(static_cast<unsigned char>(c))) set.set(c);
}

/// Repeats what stands from `start` on as the next characters say; false if they are no repetition.
bool PatternParser::repeat(std::size_t start) {
  if (rest_.empty() || std::string_view("*+?{").find(rest_.front()) == std::string_view::npos) return false;
  const bool is_one = here() == start + 1;
  const Step first = is_one ? pattern_.program_[start].step : Step::byte;
  if (first == Step::at_start || first == Step::at_end) fail(nothing_to_repeat);
  const std::size_t length = here() - start;
  switch (next("")) {
    case '*':
      put_fork_before(start, 1);
      put_way_back(Step::go_on, length + 1);
      break;
    case '+': put_way_back(Step::fork, length); break;
    case '?': put_fork_before(start, 0); break;
    case '{': interval(start); break;
    default: break;
  }
  return true;
}

/// Behind '{'.
void PatternParser::interval(std::size_t start) {
  const bool has_least = !rest_.starts_with(',');
  const std::size_t least = has_least ? count() : 0;
  std::optional<std::size_t> most;
  if (!take(','))
    most = least;
  else if (!rest_.starts_with('}'))
    most = count();
  else if (!has_least)
    fail("a {,}");
  if (!take('}')) fail("a { without its }");
  if (most && *most < least) fail("a {} that ends before it begins");
  auto& program = pattern_.program_;
  const Program repeated(program.begin() + static_cast<std::ptrdiff_t>(start), program.end());
  program.resize(start);
  const std::size_t length = repeated.size(), optional = most.value_or(least + 1) - least;
  if (!problem_.empty() || length == 0 || !has_room_for((least + optional) * (length + 1) + 1)) return;
  const auto put_all = [&] { program.insert(program.end(), repeated.begin(), repeated.end()); };
  for (std::size_t i = 0; i < least; ++i) put_all();
  for (std::size_t i = optional; i > 0; --i) {
    const std::size_t over = i * (length + 1) + (most ? 0 : 1);
    put({Step::fork, 1, static_cast<std::int16_t>(over)});
    put_all();
  }
  if (!most) put_way_back(Step::go_on, length + 1);
}

std::size_t PatternParser::count() {
  const auto number = take_number<std::size_t>(rest_);
  if (!number) fail("a { without its number");
  if (number && *number > most_repetitions) fail("a {} of more than 255");
  return number.value_or(0);
}

std::variant<Pattern, Pattern::Problem> Pattern::parse(std::string_view expression) {
  return PatternParser(expression).whole();
}

}  // namespace qmail
