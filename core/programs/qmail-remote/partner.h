// A server and the connection to it, which can carry one message after another.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "core/base/fd.h"
#include "core/format/socket_address.h"
#include "core/programs/qmail-remote/transaction.h"

namespace qmail::remote {

class Partner {
 public:
  /// So many messages go over one connection; servers have limits of their own, and see the next ones come
  /// from somebody new.
  static constexpr unsigned most_messages = 100;

  Partner(const Endpoint& server, Fd connection, int timeout_seconds);
  /// Says QUIT where that makes sense, and does not wait for the answer.
  ~Partner();
  Partner(const Partner&) = delete;
  Partner& operator=(const Partner&) = delete;

  const Endpoint& server() const { return server_; }
  int fd() const { return connection_.get(); }
  /// The greeting and ours; a message report if it was refused.
  std::optional<std::string> introduce(const std::string& helo_host);
  /// Every report. None if it is not the first message here and the server had hung up before it began:
  /// another connection may carry it.
  std::optional<std::string> send(const Mail& mail, const smtpc::Features& features);
  /// False if no other message can follow, whatever the server says.
  bool may_be_kept() const;
  /// True if another message can follow now. May have to ask the server, after a message it refused.
  bool prepare_for_next();

 private:
  const Endpoint server_;
  const std::string name_;
  Fd connection_;
  smtpc::ClientSession session_;
  Use use_ = Use::nothing;
  unsigned messages_ = 0;
};

}  // namespace qmail::remote
