#include "core/programs/qmail-remote/partner.h"

#include "core/programs/qmail-remote/report.h"

namespace qmail::remote {
namespace {

constexpr std::uint64_t ready = 220;

}  // namespace

/// The connection as features see it, before the first message.
class Partner::Beginning final : public smtpc::Connection {
 public:
  Beginning(Partner& partner, const Opening& opening) : partner_(partner), opening_(opening) {}

  const smtpc::Destination& destination() const override { return partner_.destination_; }
  bool is_second() const override { return opening_.after.has_value(); }
  smtpc::ClientSession& session() override { return partner_.session_; }
  bool can_be_secured() const override { return opening_.securer.is_there(); }
  std::variant<Environment, tls::NotSecured> secure(const tls::Request& request) override;
  bool is_secured() const override { return partner_.is_secured_; }
  smtpc::Verdict introduce() override;
  void note(std::string_view line) override { partner_.notes_ += connection_note(line); }
  smtpc::Refusal failure(std::string_view but) const override {
    return {'Z', "Connected to " + partner_.name_ + " " + std::string(but) + "\n"};
  }
  smtpc::Refusal failure(std::string_view but, const std::optional<smtpc::ServerReply>& reply) const override;

  smtpc::Verdict be_greeted();

 private:
  Partner& partner_;
  const Opening& opening_;
};

std::variant<Environment, tls::NotSecured> Partner::Beginning::secure(const tls::Request& request) {
  partner_.use_ = Use::nothing;
  auto outcome = partner_.session_.give_away(
      [&](Reader& in, Writer& out) { return opening_.securer.secure(request, in, out); });
  if (auto* failed = std::get_if<tls::NotSecured>(&outcome)) return std::move(*failed);
  auto& secured = std::get<tls::Secured>(outcome);
  partner_.connection_ = std::move(secured.plain);
  partner_.session_.go_on_over(partner_.connection_.get());
  partner_.is_secured_ = true;
  partner_.use_ = Use::quit;
  return std::move(secured.facts);
}

smtpc::Verdict Partner::Beginning::be_greeted() {
  const auto greeting = partner_.session_.read_reply();
  if (greeting && greeting->code == ready) return smtpc::no_opinion;
  return failure("but greeting failed", greeting);
}

smtpc::Verdict Partner::Beginning::introduce() {
  const auto answer = partner_.session_.introduce(opening_.helo_host);
  if (answer && answer->code == ok) return smtpc::no_opinion;
  return failure("but my name was rejected", answer);
}

smtpc::Refusal Partner::Beginning::failure(std::string_view but,
                                           const std::optional<smtpc::ServerReply>& reply) const {
  if (reply) return {'Z', server_report("Connected to ", partner_.name_, " " + std::string(but), *reply)};
  partner_.use_ = Use::nothing;
  return {'Z', connection_died(partner_.name_, false).substr(1)};
}

Partner::Partner(smtpc::Destination destination, Fd connection, int timeout_seconds)
    : destination_(std::move(destination)),
      name_(destination_.address.ip.text()),
      connection_(std::move(connection)),
      session_(connection_.get(), timeout_seconds) {}

Partner::~Partner() {
  if (use_ == Use::end_data_and_quit) session_.quit(".\r\n");
  if (use_ == Use::next_message || use_ == Use::after_reset || use_ == Use::quit) session_.quit();
}

smtpc::Decision Partner::open(const Opening& opening) {
  use_ = Use::quit;
  if (opening.after && !opening.after->note.empty()) notes_ += connection_note(opening.after->note);
  Beginning beginning(*this, opening);
  for (const auto& feature : opening.features)
    if (auto decision = feature->connected(beginning); !smtpc::goes_on(decision)) return decision;
  if (auto failure = beginning.be_greeted()) return std::move(*failure);
  if (auto failure = beginning.introduce()) return std::move(*failure);
  for (const auto& feature : opening.features)
    if (auto decision = feature->introduced(beginning); !smtpc::goes_on(decision)) return decision;
  return smtpc::go_on;
}

std::optional<std::string> Partner::send(const Mail& mail) {
  Transaction transaction(session_, mail, {name_, notes_});
  std::string reports = transaction.run();
  use_ = transaction.use_of_connection();
  const bool is_first = ++messages_ == 1;
  if (transaction.came_too_late() && !is_first) return std::nullopt;
  return reports;
}

bool Partner::may_be_kept() const {
  return messages_ < most_messages && (use_ == Use::next_message || use_ == Use::after_reset);
}

bool Partner::prepare_for_next() {
  if (!may_be_kept() || !session_.is_quiet()) return false;
  if (use_ == Use::next_message) return true;
  const auto answer = session_.command("RSET");
  use_ = answer ? Use::quit : Use::nothing;
  return answer && answer->code == ok;
}

}  // namespace qmail::remote
