// One message on a connection: the SMTP dialogue from MAIL on, and the reports it leads to.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/io.h"
#include "core/smtp/client_session.h"

namespace qmail::remote {

/// The server has done what it was asked. RFC 5321 section 4.2.3.
inline constexpr std::uint64_t ok = 250;

/// A message to send. Addresses are in the form of the queue, not yet quoted.
struct Mail {
  std::string sender;
  std::vector<std::string> recipients;
  Reader& message;
};

/// What a connection is good for after a transaction.
enum class Use {
  next_message,       ///< the next MAIL
  after_reset,        ///< the same once RSET is answered
  quit,               ///< to say goodbye
  end_data_and_quit,  ///< the same, where the server waits for a message that nobody gets
  nothing
};

/// One attempt; lives as long as run() takes.
class Transaction {
 public:
  struct Setting {
    const std::string& partner;  ///< the server's address, for the reports
    const std::string& notes;    ///< what else the report of a message that was accepted says
  };
  /// `session`: the server has been greeted.
  Transaction(smtpc::ClientSession& session, const Mail& mail, const Setting& setting);

  /// Every report, each with its NUL. To a server that takes commands together (PIPELINING, RFC 2920), MAIL,
  /// each RCPT and DATA go in one write.
  std::string run();
  /// True if the server had ended the session before it heard MAIL: nothing happened.
  bool came_too_late() const { return came_too_late_; }
  Use use_of_connection() const { return use_; }

 private:
  /// The message report that ends the transaction; none: on to the next step.
  using End = std::optional<std::string>;

  End send_sender();
  End send_recipients();
  End send_data();
  End send_message();

  /// The answer to the next of commands_; none if the connection died.
  std::optional<smtpc::ServerReply> next_answer();
  /// For a transaction that ends with answers to commands_ outstanding: what the connection is good for.
  Use take_outstanding();
  End refused(std::string_view opening, std::string_view rest, const smtpc::ServerReply& reply);
  std::string died(bool critical = false);
  void report_recipient(const std::string& report) { reports_ += report + '\0'; }

  smtpc::ClientSession& session_;
  const Mail& mail_;
  const Setting setting_;
  const std::size_t group_size_;  ///< commands sent together
  std::vector<std::string> commands_;
  std::size_t sent_ = 0;      ///< of commands_
  std::size_t answered_ = 0;  ///< of commands_
  bool came_too_late_ = false;
  Use use_ = Use::nothing;
  std::string reports_;
};

/// An address as SMTP commands carry it: the local part quoted where it must be. Without '@' it goes as it
/// is.
std::string smtp_address(const std::string& address);

}  // namespace qmail::remote
