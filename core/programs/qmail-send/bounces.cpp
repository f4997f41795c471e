#include "core/programs/qmail-send/bounces.h"

#include <array>
#include <unistd.h>

#include "core/programs/qmail-send/bounce_text.h"
#include "core/queue/client.h"

namespace qmail::send {
namespace {

/// The sender of double bounces, whose own bounces go nowhere.
constexpr std::string_view double_bounce_sender = "#@[]";
constexpr std::size_t block_size = 8192;

/// Fails the message if `fd` is none or cannot be read to its end.
void copy(const Fd& fd, queue::Client& client) {
  std::array<char, block_size> block;
  ssize_t got = -1;
  while ((got = ::read(fd.get(), block.data(), block.size())) > 0)
    client.put({block.data(), static_cast<std::size_t>(got)});
  if (got < 0) client.fail();
}

bool inject(Desk& desk, queue::Number number, std::string_view sender) {
  // A machine short of processes is trouble for this bounce, not the end of qmail-send.
  auto client = queue::Client::try_open(desk.home, desk.environment);
  if (!client) {
    desk.log.put(log::warning_queue_start());
    return false;
  }
  const BounceFacts known{.now = desk.clock.now(),
                          .bouncefrom = desk.settings.bouncefrom,
                          .bouncehost = desk.settings.bouncehost,
                          .recipient = sender.empty() ? desk.settings.double_bounce_to : sender,
                          .sender = sender};
  client->put(bounce_head(known));
  copy(desk.store.open_bounce(number), *client);
  client->put(bounce_tail(known));
  copy(desk.store.open_message(number), *client);
  client->from(sender.empty() ? double_bounce_sender : "");
  client->to(known.recipient);
  if (!client->close().empty()) {
    desk.log.put(log::warning_injecting());
    return false;
  }
  log::Facts facts = desk.facts("bounce", number);
  facts.qp = client->qp();
  desk.log.put(log::bounce_message(number, client->qp()), facts);
  return true;
}

}  // namespace

Bounced bounce_failures(Desk& desk, queue::Number number) {
  const auto info = desk.store.info(number);
  if (!info) return Bounced::trouble;
  auto has_bounce = desk.store.has_bounce(number);
  if (const auto* trouble = std::get_if<queue::Trouble>(&has_bounce)) {
    desk.warn(*trouble);
    return Bounced::trouble;
  }
  if (!std::get<bool>(has_bounce)) return Bounced::nothing;
  const std::string_view sender = bounce_address(info->sender);
  if (sender == double_bounce_sender)
    desk.log.put(log::triple_bounce(desk.store.bounce_name(number)), desk.facts("triple bounce", number));
  else if (!inject(desk, number, sender))
    return Bounced::trouble;
  if (const auto trouble = desk.store.remove_bounce(number)) {
    desk.warn(*trouble);
    return Bounced::trouble;
  }
  return Bounced::sent;
}

}  // namespace qmail::send
