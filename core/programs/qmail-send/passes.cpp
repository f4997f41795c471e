#include "core/programs/qmail-send/passes.h"

#include <utility>

#include "core/programs/qmail-send/message_id.h"

namespace qmail::send {
namespace {

using queue::Channel;
using queue::ListItem;

/// Recipients read or transactions started in one round on one channel: whatever else there is to do gets its
/// turn.
constexpr int steps_a_round = 128;
/// Recipients are read this many transactions ahead, so that those in one domain find each other.
constexpr std::size_t transactions_ahead = 100;
/// Messages on one channel whose lists are being read; each has its file open.
constexpr std::size_t most_passes = 64;
/// Messages of the queue log that wait for their bodies.
constexpr std::size_t most_parked = 128;

}  // namespace

void Passes::prepare(PollSet& set) const {
  if (desk_.exit_asap) return;
  for (const Channel channel : queue::every_channel) {
    if (!deliveries_.can_start(channel)) continue;
    if (!sides_[at(channel)].passes.empty() || lines_[at(channel)].has_ready()) set.at_once();
    if (!desk_.due_on(channel).empty()) set.until(desk_.due_on(channel).first_time());
  }
}

void Passes::act() {
  for (const Channel channel : queue::every_channel)
    for (int steps = 0; steps < steps_a_round && !desk_.exit_asap && deliveries_.can_start(channel); ++steps)
      if (!step(channel)) break;
}

/// False if there is nothing to do now.
bool Passes::step(Channel channel) {
  auto& passes = side(channel).passes;
  if (!passes.empty() && passes.front().window > 0) {
    const bool is_read = read(passes.front());
    if (!passes.front().list) end(channel);
    return is_read;
  }
  if (!lines_on(channel).has_ready()) return give_turn(channel);
  if (lines_on(channel).first_fate() == Fate::tried)
    deliveries_.start(channel, lines_on(channel).take());
  else
    set_aside(channel);
  return true;
}

/// The first group in line is not to be tried any more. Who was removed or bounced is done in the list
/// already.
void Passes::set_aside(Channel channel) {
  Lines& lines = lines_on(channel);
  JobPtr job;
  {
    const Lines::Start start = lines.take();
    lines.leave(start.place, Reception::unknown);
    job = start.group.job();
    if (job->fate != Fate::held) job->left -= start.group.count();
  }
  jobs_.release(std::move(job));
}

/// To a message that is due, or to the next of those whose lists are not yet read to the end.
bool Passes::give_turn(Channel channel) {
  Side& of = side(channel);
  const bool may_be_new = of.passes.size() < most_passes && (of.passes.empty() || !of.was_new);
  of.was_new = may_be_new && begin(channel);
  if (of.was_new || of.passes.empty()) return of.was_new;
  of.passes.push_back(std::move(of.passes.front()));
  of.passes.pop_front();
  of.passes.front().window = of.passes.front().together * transactions_ahead;
  return true;
}

bool Passes::begin(Channel channel) {
  if (desk_.log_mail.parked() >= most_parked) return false;
  const auto due = desk_.due_on(channel).take_due(desk_.now);
  if (!due) return false;
  auto mail = desk_.log_mail.find(due->number);
  if (mail && mail->is_in_memory()) {
    if (!mail->body) return desk_.log_mail.park(mail, channel), true;
    mail->attempt(channel) = queue::LogMessage::Attempt::running;
  }
  auto list = desk_.store.recipients(due->number, channel);
  auto info = list ? desk_.store.info(due->number) : std::nullopt;
  if (!info) {
    desk_.warn_later({"trouble opening", desk_.store.list_name(due->number, channel)});
    desk_.due_on(channel).insert({desk_.now + trouble_pause_seconds, due->number});
    return false;
  }
  if (info->held) return true;  // and whoever releases it makes it due
  // The sender that is another one for each recipient can have only one in a transaction.
  const bool is_shared = channel == Channel::remote && bounce_address(info->sender) == info->sender;
  const std::size_t together = is_shared ? desk_.settings.recipients_together : 1;
  side(channel).passes.push_front(
      {.job = jobs_.start(Job{.number = due->number,
                              .channel = channel,
                              .sender = std::move(info->sender),
                              .id = id_of(due->number, *info),
                              .retry = next_try(info->birth, desk_.now, channel),
                              .too_old = desk_.now > info->birth + desk_.settings.lifetime_seconds,
                              .mail = std::move(mail)}),
       .list = std::move(list),
       .together = together,
       .window = together * transactions_ahead});
  return true;
}

/// False if the list could not be read on. At its end, and then too, the pass has no list any more.
bool Passes::read(Pass& pass) {
  const ListItem item = pass.list->next();
  const auto name = [&] { return desk_.store.list_name(pass.job->number, pass.job->channel); };
  switch (item.kind) {
    case ListItem::Kind::to_do: put_in_line(pass, item); return true;
    case ListItem::Kind::done: return true;
    case ListItem::Kind::end: pass.job->reached_end = true; break;
    case ListItem::Kind::unreadable: desk_.warn_later({"trouble reading", name()}); break;
    case ListItem::Kind::unknown: desk_.log.put(log::warning_unknown_recipient(name()));
  }
  pass.list.reset();
  return pass.job->reached_end;
}

void Passes::put_in_line(Pass& pass, const ListItem& item) {
  Job& job = *pass.job;
  --pass.window;
  ++job.left;
  // Without memory to wait in, it has been deferred: others go on, and the message is due again at its time.
  static_cast<void>(lines_on(job.channel).add(pass.job, item.position, item.recipient, pass.together));
}

void Passes::end(Channel channel) {
  auto& passes = side(channel).passes;
  jobs_.release(std::exchange(passes.front().job, nullptr));
  passes.pop_front();
}

}  // namespace qmail::send
