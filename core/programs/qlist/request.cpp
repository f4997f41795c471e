#include "core/programs/qlist/request.h"

#include <algorithm>
#include <array>

#include "core/base/failure.h"
#include "core/base/text.h"
#include "core/format/automatic_mail.h"
#include "core/format/header_addresses.h"
#include "core/format/header_field.h"

namespace qmail::qlist {
namespace {

using header::Field;

/// They say how the body is encoded and how long it is, which is no longer true once something stands in it.
constexpr std::array<std::string_view, 3> fields_of_the_body{"content-length", "content-type",
                                                             "content-transfer-encoding"};
/// What of the trace is shown to somebody who perhaps never wrote the message.
constexpr std::size_t longest_trace = 4096;
/// Each can mean that the list is written once more.
constexpr std::size_t most_orders = 16;

std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, std::min(text.find('\n'), text.size() - 1) + 1);
  text.remove_prefix(line.size());
  return line;
}

/// The first address of the field; empty if it has none, or is none. Throws Failure (permanent) on bad
/// syntax.
std::string address_in(const std::string& field) {
  std::string first;
  if (field.empty()) return first;
  const auto tokens = header::parse_tokens(field);
  const auto keep = [&](const header::Tokens& address) { first = header::envelope_address(address); };
  // The last one comes first.
  if (!tokens || !header::rewrite_addresses(*tokens, keep))
    throw Failure(Exit::permanent, "unable to parse this: " + std::string(trim_end(field)));
  return first;
}

/// The classic program looks no further than this.
std::optional<Action> order_on(std::string_view line) {
  if (starts_nocase(line, "subs")) return Action::subscribe;
  if (starts_nocase(line, "unsu")) return Action::unsubscribe;
  return std::nullopt;
}

/// Takes the header in, field by field.
class Header {
 public:
  Header(Request& request, std::string_view address) : request_(request), address_(address) {}
  void take(const std::string& field);
  std::optional<Action> order() const { return order_; }
  /// Throws Failure (permanent) if the field that names him makes no sense.
  std::string author() const;

 private:
  bool is_about_body(std::string_view field) const {
    return std::any_of(fields_of_the_body.begin(), fields_of_the_body.end(),
                       [&](std::string_view name) { return header::is_field(field, name); });
  }

  Request& request_;
  std::string_view address_;
  std::string reply_to_, from_;
  std::optional<Action> order_;
};

void Header::take(const std::string& field) {
  const std::string_view body = header::field_body(field);
  if (request_.why_not.empty()) request_.why_not = why_no_answer_after(field);
  if (header::is_field(field, "delivered-to") && equal_nocase(body, address_))
    request_.why_not = "it has been here before";
  if (header::is_field(field, "received") && request_.trace.size() + field.size() <= longest_trace)
    request_.trace += field;
  if (header::is_field(field, "subject")) {
    order_ = order_on(body);
    request_.confirmation = find_confirmation(body);
  }
  if (!is_about_body(field)) request_.fields += field;
  const Field kind = header::field_of(field);
  if (kind == Field::reply_to) reply_to_ = field;
  if (kind == Field::from) from_ = field;
}

std::string Header::author() const {
  const std::string author = address_in(reply_to_);
  return author.empty() ? address_in(from_) : author;
}

void read_body(Request& request, std::optional<Action> order_in_subject) {
  std::string_view left = request.body;
  while (!left.empty()) {
    const std::string_view line = take_line(left);
    const std::size_t end = request.body.size() - left.size();
    if (const auto action = order_on(line); action && request.orders.size() < most_orders)
      request.orders.push_back({.action = *action, .place = Order::Place::line, .end = end});
    if (!request.confirmation) request.confirmation = parse_confirmation(line);
  }
  if (!request.orders.empty()) return;
  request.orders.push_back({.action = order_in_subject.value_or(Action::subscribe),
                            .place = order_in_subject ? Order::Place::subject : Order::Place::nowhere,
                            .end = request.body.size()});
}

}  // namespace

Request read_request(std::string_view message, std::string_view address) {
  Request request;
  Header fields(request, address);
  header::HeaderSplitter splitter([&](const std::string& field) { fields.take(field); });
  std::string whole(message);
  if (!whole.empty() && whole.back() != '\n') whole += '\n';
  std::string_view left = whole;
  while (!left.empty()) {
    const std::string_view line = take_line(left);
    if (splitter.take(line)) continue;
    request.body = line == "\n" ? "\n" : "\n" + std::string(line);
    request.body += left;
    break;
  }
  splitter.end();
  if (request.why_not.empty()) request.author = fields.author();
  read_body(request, fields.order());
  return request;
}

}  // namespace qmail::qlist
