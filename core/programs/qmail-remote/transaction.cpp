#include "core/programs/qmail-remote/transaction.h"

#include <array>

#include "core/format/address.h"
#include "core/programs/qmail-remote/report.h"

namespace qmail::remote {
namespace {

constexpr std::uint64_t ready = 220;
constexpr std::uint64_t ok = 250;

/// In a command it would begin a command of its own, whatever quotes are around it.
bool has_line_break(std::string_view text) { return text.find_first_of("\r\n") != std::string_view::npos; }

}  // namespace

std::string smtp_address(const std::string& address) {
  return divide(address).has_host ? quote_address(address) : address;
}

std::string Transaction::run() {
  constexpr std::array steps{&Transaction::greet, &Transaction::send_sender, &Transaction::send_recipients,
                             &Transaction::send_message};
  End end;
  for (const auto step : steps)
    if (!end) end = (this->*step)();
  return reports_ + end.value() + '\0';
}

std::string Transaction::died(bool critical) const { return connection_died(setting_.partner, critical); }

std::string Transaction::quit(std::string_view opening, std::string_view rest,
                              const smtpc::ServerReply& reply) {
  session_.quit();
  return server_report(opening, setting_.partner, rest, reply);
}

Transaction::End Transaction::greet() {
  const auto greeting = session_.read_reply();
  if (!greeting) return died();
  if (greeting->code != ready) return quit("ZConnected to ", " but greeting failed", *greeting);
  const auto answer = session_.command("HELO " + setting_.helo_host);
  if (!answer) return died();
  if (answer->code != ok) return quit("ZConnected to ", " but my name was rejected", *answer);
  return std::nullopt;
}

Transaction::End Transaction::send_sender() {
  for (const auto& feature : setting_.features)
    if (const auto refusal = feature->before_mail(session_, mail_.sender)) {
      session_.quit();
      return refusal->kind + refusal->text;
    }
  const std::string sender = smtp_address(mail_.sender);
  if (has_line_break(sender)) {
    session_.quit();
    return std::string(sender_with_line_break);
  }
  const auto answer = session_.command("MAIL FROM:<" + sender + ">");
  if (!answer) return died();
  if (answer->refuses_for_good()) return quit("DConnected to ", " but sender was rejected", *answer);
  if (answer->refuses()) return quit("ZConnected to ", " but sender was rejected", *answer);
  return std::nullopt;
}

Transaction::End Transaction::send_recipients() {
  bool accepted = false;
  for (const std::string& recipient : mail_.recipients) {
    const std::string address = smtp_address(recipient);
    if (has_line_break(address)) {
      report_recipient(std::string(recipient_with_line_break));
      continue;
    }
    const auto answer = session_.command("RCPT TO:<" + address + ">");
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
  session_.quit();
  return server_report("DGiving up on ", setting_.partner, "");
}

Transaction::End Transaction::send_message() {
  const auto go_ahead = session_.command("DATA");
  if (!go_ahead) return died();
  if (go_ahead->refuses_for_good()) return quit("D", " failed on DATA command", *go_ahead);
  if (go_ahead->refuses()) return quit("Z", " failed on DATA command", *go_ahead);
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
  if (answer->refuses_for_good()) return quit("D", " failed after I sent the message", *answer);
  if (answer->refuses()) return quit("Z", " failed after I sent the message", *answer);
  return quit("K", " accepted message", *answer);
}

}  // namespace qmail::remote
