#include "core/programs/qmail-qmqpd/qmail_qmqpd.h"

#include <signal.h>

#include "core/base/io.h"
#include "core/base/signals.h"
#include "core/format/netstring.h"
#include "core/queue/client.h"
#include "core/smtp/netstring_input.h"
#include "core/smtp/received.h"

namespace qmail {
namespace {

constexpr std::string_view wrong_address = "Dsorry, I can't accept addresses like that (#5.1.3)";
constexpr std::uint64_t longest_length = 100;  // of the digits and the colon in front

/// None if the queue cannot take such an address.
std::optional<std::string> take_address(NetstringInput& in) {
  auto address = in.address(in.length());
  if (address && address->find('\0') != std::string::npos) address.reset();
  return address;
}

/// The answer, by the words of the queue.
std::string take_message(NetstringInput& in, queue::Client& queue, const Process& self) {
  in.enter(longest_length);
  in.enter(in.length());
  const std::uint64_t size = in.length();
  const Trace trace = Trace::from(self.environment);
  queue.put(received_field(trace, trace.remote_host, "QMQP", self.clock.now()));
  in.pass(size, [&](std::string_view piece) { queue.put(piece); });
  in.comma();
  const auto sender = take_address(in);
  queue.from(sender.value_or(""));
  bool all_good = sender.has_value();
  while (in.has_left()) {
    const auto recipient = take_address(in);
    if (recipient) queue.to(*recipient);
    all_good = all_good && recipient;
    if (!all_good) queue.fail();
  }
  in.leave();
  in.comma();
  if (!all_good) queue.fail();
  std::string result = queue.close();
  if (result.empty()) result = accepted_answer(self.clock.now(), queue.qp());
  return all_good ? result : std::string(wrong_address);
}

}  // namespace

int receive_by_qmqp(const Process& self) {
  signals::ignore(SIGPIPE);
  const signals::TimeLimit limit(longest_session_seconds, static_cast<int>(Exit::temporary), "");
  const Directory home = self.home();
  NetstringInput in(self.in);
  if (in.at_end()) return 0;
  queue::Client queue(home, self.environment);
  const std::string answer = netstring(take_message(in, queue, self));
  // A client that is gone has the message in the queue all the same.
  static_cast<void>(Writer(self.out).put(answer).flush());
  return 0;
}

}  // namespace qmail
