#include "core/programs/qmail-remote/transaction.h"

#include <algorithm>
#include <array>

#include "core/format/address.h"
#include "core/programs/qmail-remote/report.h"

namespace qmail::remote {
namespace {

constexpr std::uint64_t closing = 421;

/// Their answers fit into the buffers of the connection: a server that answers before it reads on, and we,
/// never wait for each other. RFC 2920 section 3.1.
constexpr std::size_t commands_together = 102;

/// In a command it would begin a command of its own, whatever quotes are around it.
bool has_line_break(std::string_view text) { return text.find_first_of("\r\n") != std::string_view::npos; }

}  // namespace

std::string smtp_address(const std::string& address) {
  return divide(address).has_host ? quote_address(address) : address;
}

Transaction::Transaction(smtpc::ClientSession& session, const Mail& mail, const Setting& setting)
    : session_(session),
      mail_(mail),
      setting_(setting),
      group_size_(session.offers("PIPELINING") ? commands_together : 1) {}

std::string Transaction::run() {
  constexpr std::array steps{&Transaction::send_sender, &Transaction::send_recipients,
                             &Transaction::send_data, &Transaction::send_message};
  End end;
  for (const auto step : steps)
    if (!end) end = (this->*step)();
  return reports_ + end.value() + '\0';
}

std::string Transaction::died(bool critical) {
  use_ = Use::nothing;
  return connection_died(setting_.partner, critical);
}

Transaction::End Transaction::refused(std::string_view opening, std::string_view rest,
                                      const smtpc::ServerReply& reply) {
  if (reply.code == closing) use_ = Use::quit;
  return server_report(opening, setting_.partner, rest, reply);
}

std::optional<smtpc::ServerReply> Transaction::next_answer() {
  if (answered_ == sent_)
    while (sent_ < commands_.size() && sent_ < answered_ + group_size_) session_.put(commands_[sent_++]);
  ++answered_;
  return session_.read_reply();
}

Use Transaction::take_outstanding() {
  bool accepted = false;
  while (answered_ < sent_) {
    // Waiting would delay the report.
    const auto answer = session_.reply_at_hand();
    if (!answer) return Use::quit;
    ++answered_;
    if (answer->refuses()) continue;
    // The end of the message would send an empty one to whom the server accepted. RFC 2920 section 3.1.
    if (answered_ == commands_.size()) return accepted ? Use::nothing : Use::end_data_and_quit;
    accepted = true;
  }
  return Use::after_reset;
}

Transaction::End Transaction::send_sender() {
  const std::string sender = smtp_address(mail_.sender);
  if (has_line_break(sender)) {
    use_ = Use::next_message;
    return std::string(sender_with_line_break);
  }
  commands_.push_back("MAIL FROM:<" + sender + ">");
  for (const std::string& recipient : mail_.recipients)
    if (const std::string address = smtp_address(recipient); !has_line_break(address))
      commands_.push_back("RCPT TO:<" + address + ">");
  if (commands_.size() > 1) commands_.push_back("DATA");
  const auto answer = next_answer();
  came_too_late_ = !answer || answer->code == closing;
  if (!answer) return died();
  if (!answer->refuses()) return std::nullopt;
  use_ = take_outstanding();
  return refused(answer->refuses_for_good() ? "DConnected to " : "ZConnected to ", " but sender was rejected",
                 *answer);
}

Transaction::End Transaction::send_recipients() {
  bool accepted = false;
  for (const std::string& recipient : mail_.recipients) {
    if (has_line_break(recipient)) {
      report_recipient(std::string(recipient_with_line_break));
      continue;
    }
    const auto answer = next_answer();
    if (!answer) return died();
    if (answer->refuses()) {
      const char* kind = answer->refuses_for_good() ? "h" : "s";
      report_recipient(server_report(kind, setting_.partner, " does not like recipient", *answer));
    } else {
      report_recipient("r");
      accepted = true;
    }
  }
  if (accepted) return std::nullopt;
  use_ = take_outstanding();
  return server_report("DGiving up on ", setting_.partner, "");
}

Transaction::End Transaction::send_data() {
  const auto go_ahead = next_answer();
  if (!go_ahead) return died();
  if (!go_ahead->refuses()) return std::nullopt;
  use_ = Use::after_reset;
  return refused(go_ahead->refuses_for_good() ? "D" : "Z", " failed on DATA command", *go_ahead);
}

Transaction::End Transaction::send_message() {
  using Body = smtpc::ClientSession::Body;
  switch (session_.send_body(mail_.message)) {
    case Body::sent: break;
    case Body::lost: return died();
    case Body::lost_at_end: return died(true);
    case Body::unreadable: return std::string(unreadable_message);
    case Body::no_last_newline: return std::string(partial_last_line);
  }
  const auto answer = session_.read_reply();
  if (!answer) return died(true);
  use_ = Use::next_message;
  if (answer->refuses_for_good()) return refused("D", " failed after I sent the message", *answer);
  if (answer->refuses()) return refused("Z", " failed after I sent the message", *answer);
  return refused("K", " accepted message", *answer).value() + setting_.notes;
}

}  // namespace qmail::remote
