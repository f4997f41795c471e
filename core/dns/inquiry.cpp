#include "core/dns/inquiry.h"

#include <algorithm>
#include <chrono>
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

Inquiry::Inquiry(const ResolvConf& conf, const Sources& sources, const Clock& clock, const Deadline& total,
                 Question question)
    : conf_(conf),
      sources_(sources),
      clock_(clock),
      total_(total),
      question_(std::move(question)),
      ttl_(unlimited_ttl) {
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

/// With the server whose turn it is; 0 if nothing is left.
int Inquiry::patience_milliseconds() const {
  const int left = std::min(total_.milliseconds_left(), static_cast<int>(conf_.timeout_seconds) * 1000);
  const std::size_t tries = conf_.attempts * conf_.servers.size();
  if (turn_ >= tries) return 0;
  if (sources_.budget == nullptr) return left;
  return std::min(left, sources_.budget->milliseconds_left() / static_cast<int>(tries - turn_));
}

void Inquiry::ask_next_server() {
  do {
    const int patience = patience_milliseconds();
    if (patience == 0) return finish({});
    const NameServer& server = conf_.servers[turn_++ % conf_.servers.size()];
    patience_.emplace(clock_, std::chrono::milliseconds(patience));
    exchange_.emplace(Endpoint{server.ip, sources_.port, interface_number(server.scope)}, question_.name,
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
  ttl_ = std::min(ttl_, resolved.ttl);
  if (!resolved.records.empty()) return finish({Outcome::found, std::move(resolved.records), ttl_});
  const std::uint32_t negative_ttl = std::min(ttl_, message.negative_ttl);
  if (message.code == Code::no_such_name) return finish({Outcome::no_such_name, {}, negative_ttl});
  if (message.recursive || resolved.name == message.name)
    return finish({Outcome::no_such_record, {}, negative_ttl});
  if (questions_++ == most_questions) return finish({});
  question_.name = resolved.name;
  turn_ = 0;
  ask_next_server();
}

}  // namespace qmail::dns
