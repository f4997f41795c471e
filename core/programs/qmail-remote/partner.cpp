#include "core/programs/qmail-remote/partner.h"

namespace qmail::remote {

Partner::Partner(const Endpoint& server, Fd connection, int timeout_seconds)
    : server_(server),
      name_(server.ip.text()),
      connection_(std::move(connection)),
      session_(connection_.get(), timeout_seconds) {}

Partner::~Partner() {
  if (use_ == Use::end_data_and_quit) session_.quit(".\r\n");
  if (use_ == Use::next_message || use_ == Use::after_reset || use_ == Use::quit) session_.quit();
}

std::optional<std::string> Partner::introduce(const std::string& helo_host) {
  return remote::introduce(session_, helo_host, name_);
}

std::optional<std::string> Partner::send(const Mail& mail, const smtpc::Features& features) {
  Transaction transaction(session_, mail, {name_, features});
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
