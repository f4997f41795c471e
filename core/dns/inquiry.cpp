#include "core/dns/inquiry.h"

#include <algorithm>
#include <net/if.h>
#include <string>
#include <utility>

#include "core/base/text.h"

namespace qmail::dns {
namespace {

/// How often a chain of CNAMEs is followed by asking again, where the server does not do it for us.
constexpr int most_questions = 8;

std::uint32_t interface_number(const std::string& scope) {
  if (scope.empty()) return 0;
  return parse_number<std::uint32_t>(scope).value_or(::if_nametoindex(scope.c_str()));
}

/// True if `message` settles the question: an answer, or a no from a server that knows.
bool is_final(const Message& message) {
  if (message.code == Code::no_such_name) return true;
  if (message.code != Code::ok) return false;
  // A referral: this server neither knows nor asks on.
  return !message.answers.empty() || message.authoritative || message.recursive;
}

}  // namespace

Inquiry::Inquiry(const ResolvConf& conf, std::uint16_t port, const Clock& clock, const Deadline& total,
                 Question question)
    : conf_(conf), port_(port), clock_(clock), total_(total), question_(std::move(question)) {
  if (conf_.ask_servers && build_query(0, question_.name, question_.type, false))
    ask_next_server();
  else
    finish({.outcome = Outcome::no_such_name});
}

int Inquiry::milliseconds_left() const {
  return std::min(patience_->milliseconds_left(), total_.milliseconds_left());
}

void Inquiry::finish(Lookup result) {
  result_ = std::move(result);
  is_over_ = true;
  exchange_.reset();
}

void Inquiry::ask_next_server() {
  do {
    const int left = total_.milliseconds_left();
    const std::size_t attempt = turn_ / conf_.servers.size();
    if (attempt >= conf_.attempts || left == 0) return finish({});
    const NameServer& server = conf_.servers[turn_++ % conf_.servers.size()];
    patience_.emplace(clock_, std::min(conf_.timeout_seconds, static_cast<unsigned>(left) / 1000 + 1));
    exchange_.emplace(Endpoint{server.ip, port_, interface_number(server.scope)}, question_.name,
                      question_.type);
  } while (exchange_->is_over());
}

void Inquiry::proceed() {
  exchange_->proceed();
  if (!exchange_->is_over()) return;
  const auto message = exchange_->answer();
  if (message && is_final(*message))
    take(*message);
  else
    ask_next_server();
}

void Inquiry::look_at_time() {
  if (milliseconds_left() == 0) ask_next_server();
}

void Inquiry::take(const Message& message) {
  Resolved resolved = follow(message, question_.type);
  // What was put together from several answers would need each one's time.
  const std::uint32_t seconds = questions_ == 1 ? resolved.seconds : 0;
  if (!resolved.records.empty()) return finish({Outcome::found, std::move(resolved.records), seconds});
  if (message.code == Code::no_such_name) return finish({Outcome::no_such_name, {}, seconds});
  if (message.recursive || resolved.name == message.name)
    return finish({Outcome::no_such_record, {}, seconds});
  if (questions_++ == most_questions) return finish({});
  question_.name = resolved.name;
  turn_ = 0;
  ask_next_server();
}

}  // namespace qmail::dns
