#include "core/programs/qmail-send/desk.h"

#include <unistd.h>

#include "core/programs/qmail-send/message_id.h"

namespace qmail::send {
namespace {

constexpr unsigned sleep_seconds = 10;  // qmail-log(5) says so

}  // namespace

void Desk::add(queue::Number number, void (Agenda::*insert)(const Due&)) {
  auto answer = store.standing(number);
  if (const auto* trouble = std::get_if<queue::Trouble>(&answer)) {
    warn_later(*trouble);
    return unclear.insert({clock.now() + trouble_pause_seconds, number});
  }
  const auto& standing = std::get<queue::Standing>(answer);
  if (!standing.preprocessed) return;
  bool has_recipients = false;
  for (const queue::Channel channel : queue::every_channel)
    if (const auto when = standing.due_on(channel)) {
      has_recipients = true;
      if (standing.held) continue;
      (due_on(channel).*insert)({is_hurried ? now : *when, number, !is_hurried});
    }
  if (!has_recipients) done.insert({clock.now(), number});
}

void Desk::add_stored(queue::Number number) {
  if (!own.contains(number) && !log_mail.find(number)) add(number);
}

void Desk::note_own(queue::Number number) {
  if (is_loading) own.insert(number);
}

void Desk::make_all_due() {
  for (Agenda& agenda : due) agenda.make_all_due(now);
  is_hurried = is_loading;
}

void Desk::end_loading() {
  is_loading = is_hurried = false;
  own = {};
}

log::Facts Desk::facts(std::string_view event, queue::Number number) const {
  log::Facts facts{.event = event};
  if (log.twin() == nullptr) return facts;
  if (const auto info = store.info(number)) facts.message = id_of(number, *info);
  return facts;
}

void Desk::log_status() {
  log.put(log::status(load[0], load[1], exit_asap));
  logged_load = {load[0].used, load[1].used};
}

void Desk::log_status_change() {
  if (logged_load != std::array{load[0].used, load[1].used}) log_status();
}

void Desk::sleep_after(const std::string& alert) {
  log.put(alert);
  log.flush();
  ::sleep(sleep_seconds);
}

}  // namespace qmail::send
