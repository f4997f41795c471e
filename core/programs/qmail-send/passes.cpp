#include "core/programs/qmail-send/passes.h"

#include <utility>

namespace qmail::send {
namespace {

using queue::Channel;
using queue::ListItem;

/// Recipients looked at in one round on one channel: whatever else there is to do gets its turn.
constexpr int steps_a_round = 16;

}  // namespace

void Passes::prepare(PollSet& set) const {
  if (desk_.exit_asap) return;
  for (const Channel channel : queue::every_channel) {
    const Pass& pass = passes_[static_cast<std::size_t>(channel)];
    const Agenda& due = desk_.due_on(channel);
    if (pass.job && deliveries_.can_start(channel)) set.at_once();
    if (!pass.job && jobs_.has_room() && !due.empty()) set.until(due.first_time());
  }
}

void Passes::act() {
  for (const Channel channel : queue::every_channel) {
    Pass& pass = passes_[static_cast<std::size_t>(channel)];
    for (int steps = 0; steps < steps_a_round && !desk_.exit_asap; ++steps) {
      if (!pass.job && !begin(pass, channel)) break;
      if (!deliveries_.can_start(channel) || !step(pass)) break;
    }
  }
}

bool Passes::begin(Pass& pass, Channel channel) {
  if (!jobs_.has_room()) return false;
  const auto due = desk_.due_on(channel).take_due(desk_.now);
  if (!due) return false;
  pass.list = desk_.store.recipients(due->number, channel);
  auto info = pass.list ? desk_.store.info(due->number) : std::nullopt;
  if (!info) {
    pass.list.reset();
    desk_.warn_later({"trouble opening", desk_.store.list_name(due->number, channel)});
    desk_.due_on(channel).insert({desk_.now + trouble_pause_seconds, due->number});
    return false;
  }
  pass.job = jobs_.open({.number = due->number,
                         .channel = channel,
                         .sender = std::move(info->sender),
                         .retry = next_try(info->birth, desk_.now, channel),
                         .too_old = desk_.now > info->birth + desk_.settings.lifetime_seconds});
  return true;
}

/// False if the list could not be read on.
bool Passes::step(Pass& pass) {
  ListItem item = pass.list->next();
  switch (item.kind) {
    case ListItem::Kind::to_do:
      ++pass.job->left;
      deliveries_.start(pass.job, item.position, item.recipient);
      return true;
    case ListItem::Kind::done: return true;
    case ListItem::Kind::end:
      pass.job->reached_end = true;
      end(pass);
      return true;
    case ListItem::Kind::unreadable:
      desk_.warn_later({"trouble reading", desk_.store.list_name(pass.job->number, pass.job->channel)});
      break;
    case ListItem::Kind::unknown:
      desk_.log.put(
          log::warning_unknown_recipient(desk_.store.list_name(pass.job->number, pass.job->channel)));
  }
  end(pass);
  return false;
}

void Passes::end(Pass& pass) {
  pass.list.reset();
  jobs_.release(std::exchange(pass.job, nullptr));
}

}  // namespace qmail::send
