// One question to one name server and its answer, over UDP and, where that is too small, TCP.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/clock.h"
#include "core/format/dns_message.h"
#include "core/format/socket_address.h"

namespace qmail::dns {

/// A moment after which nothing is waited for. Should somebody set the clock back meanwhile, no single wait
/// becomes longer than the whole was to be.
class Deadline {
 public:
  Deadline(const Clock& clock, unsigned seconds) : clock_(clock), start_(clock.moment()), seconds_(seconds) {}
  /// What is left; 0 when it has passed.
  int milliseconds_left() const;

 private:
  const Clock& clock_;
  Moment start_;
  unsigned seconds_;
};

/// The server's answer; none if it cannot be reached, does not answer in time, or answers with rubbish.
/// Each question has a fresh random id and, from the kernel, a random source port; replies that are not to it
/// are passed over. A server that cannot read EDNS is asked again without it.
std::optional<Message> ask(const Endpoint& server, std::string_view name, Type type,
                           const Deadline& deadline);

}  // namespace qmail::dns
