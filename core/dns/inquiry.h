// One question on its way through the name servers of resolv.conf, each in its turn, and along CNAMEs.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/clock.h"
#include "core/base/deadline.h"
#include "core/dns/asker.h"
#include "core/dns/exchange.h"
#include "core/dns/sources.h"
#include "core/format/resolv_conf.h"

namespace qmail::dns {

/// Takes its steps without waiting, as an Exchange does, and also gives up on one server for the next.
class Inquiry {
 public:
  /// All but the question must outlive this object. After `total` nothing more is asked. `conf` names a
  /// server.
  Inquiry(const ResolvConf& conf, const Sources& sources, const Clock& clock, const Deadline& total,
          Question question);

  bool is_over() const { return is_over_; }
  const Lookup& result() const { return result_; }

  /// What to wait for while it is not over, and for how long.
  int fd() const { return exchange_->fd(); }
  short events() const { return exchange_->events(); }
  int milliseconds_left() const;
  /// fd() is ready.
  void proceed();
  /// The time to wait may have passed.
  void look_at_time();

 private:
  void ask_next_server();
  int patience_milliseconds() const;
  void take(const Message& message);
  void finish(Lookup result);

  const ResolvConf& conf_;
  const Sources& sources_;
  const Clock& clock_;
  const Deadline& total_;
  Question question_;  ///< its name moves along CNAMEs
  std::size_t turn_ = 0;
  int questions_ = 1;
  std::uint32_t ttl_;                 ///< of the CNAMEs so far
  std::optional<Deadline> patience_;  ///< with this server
  std::optional<Exchange> exchange_;
  bool is_over_ = false;
  Lookup result_;
};

}  // namespace qmail::dns
