// One message on one connection: the SMTP dialogue, and the reports it leads to.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/base/io.h"
#include "core/smtp/client_hook.h"
#include "core/smtp/client_session.h"

namespace qmail::remote {

/// A message to send. Addresses are in the form of the queue, not yet quoted.
struct Mail {
  std::string sender;
  std::vector<std::string> recipients;
  Reader& message;
};

/// One attempt; lives as long as run() takes.
class Transaction {
 public:
  struct Setting {
    const std::string& helo_host;
    const std::string& partner;  ///< the server's address, for the reports
    const smtpc::Features& features;
  };
  Transaction(smtpc::ClientSession& session, const Mail& mail, const Setting& setting)
      : session_(session), mail_(mail), setting_(setting) {}

  /// Every report, each with its NUL.
  std::string run();

 private:
  /// The message report that ends the transaction; none: on to the next step.
  using End = std::optional<std::string>;

  End greet();
  End send_sender();
  End send_recipients();
  End send_message();

  std::string quit(std::string_view opening, std::string_view rest, const smtpc::ServerReply& reply);
  std::string died(bool critical = false) const;
  void report_recipient(const std::string& report) { reports_ += report + '\0'; }

  smtpc::ClientSession& session_;
  const Mail& mail_;
  const Setting setting_;
  std::string reports_;
};

/// An address as SMTP commands carry it: the local part quoted where it must be. Without '@' it goes as it
/// is.
std::string smtp_address(const std::string& address);

}  // namespace qmail::remote
