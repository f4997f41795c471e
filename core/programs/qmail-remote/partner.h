// A server and the connection to it, which can carry one message after another.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/base/fd.h"
#include "core/programs/qmail-remote/transaction.h"
#include "core/smtp/client_hook.h"

namespace qmail::remote {

/// Who makes secured connections of others: core/tls/handover.h. By default nobody.
struct Securer {
  std::function<bool()> is_there = [] { return false; };
  std::function<tls::Outcome(const tls::Request&, Reader&, Writer&)> secure = {};
};

class Partner {
 public:
  /// So many messages go over one connection; servers have limits of their own, and see the next ones come
  /// from somebody new.
  static constexpr unsigned most_messages = 100;

  Partner(smtpc::Destination destination, Fd connection, int timeout_seconds);
  /// Says QUIT where that makes sense, and does not wait for the answer.
  ~Partner();
  Partner(const Partner&) = delete;
  Partner& operator=(const Partner&) = delete;

  const smtpc::Destination& destination() const { return destination_; }
  int fd() const { return connection_.get(); }

  struct Opening {
    const std::string& helo_host;
    const smtpc::Features& features;
    const Securer& securer;
    std::optional<smtpc::StartAnew> after = {};  ///< the connection that was given up for this one
  };
  /// The greeting, ours, and what the features do before messages can follow.
  smtpc::Decision open(const Opening& opening);
  /// Every report. None if it is not the first message here and the server had hung up before it began:
  /// another connection may carry it.
  std::optional<std::string> send(const Mail& mail);
  /// False if no other message can follow, whatever the server says.
  bool may_be_kept() const;
  /// True if another message can follow now. May have to ask the server, after a message it refused.
  bool prepare_for_next();

 private:
  class Beginning;

  const smtpc::Destination destination_;
  const std::string name_;
  Fd connection_;
  smtpc::ClientSession session_;
  bool is_secured_ = false;
  std::string notes_;
  Use use_ = Use::nothing;
  unsigned messages_ = 0;
};

}  // namespace qmail::remote
