#include "core/programs/qmail-send/log_room.h"

#include <algorithm>
#include <cerrno>
#include <sys/stat.h>
#include <utility>

#include "core/programs/qmail-send/bounces.h"
#include "core/programs/qmail-send/message_id.h"
#include "core/programs/qmail-send/preprocessing.h"
#include "core/queue/stock_store.h"

namespace qmail::send {
namespace {

namespace link = queue::link;
using queue::Channel;
using queue::LogMessage;
using Attempt = LogMessage::Attempt;
using Stage = LogMessage::Stage;

/// A message that is not over after this moves into the layout: the log is for what is short.
constexpr std::int64_t old_seconds = 60;
/// Until the next try to get a body.
constexpr std::int64_t body_pause_seconds = 1;
/// At messages that were in the log at the start.
constexpr int most_looks_a_round = 64;
/// A qp number tells apart what was born in one second, of messages whose numbers are used again within it.
constexpr std::uint64_t parts_a_second = 1'000'000'000;

bool has_recipients_to_try(const LogMessage& message, Channel channel) {
  return std::any_of(message.places.begin(), message.places.end(), [&](const LogMessage::Place& place) {
    return place.channel == channel && message.list(channel)[place.position] == 'T';
  });
}

}  // namespace

bool LogRoom::can_exit() const {
  if (!link_.is_open()) return true;
  return is_drained_ && !outcomes_.has_unconfirmed() && moves_.is_stuck() && !desk_.log_mail.has_touched() &&
         synced_ >= link_.last_serial();
}

void LogRoom::prepare(PollSet& set) {
  if (is_live_) begin_to_leave();
  link_.prepare(set);
  if (!link_.is_open()) return;
  if (desk_.log_mail.has_touched() || (is_live_ && !replayed_.empty())) set.at_once();
  if (is_live_ && !arrivals_.empty()) set.until(arrivals_.front()->arrival + old_seconds);
  moves_.prepare(set);
}

void LogRoom::take_notices(const PollSet& set) {
  if (!link_.is_open()) return;
  link_.act(set, [this](const link::Notice& notice, Fd fd) {
    std::visit([&](const auto& kind) { take(kind, std::move(fd)); }, notice);
  });
  outcomes_.settle();
  if (!link_.is_open()) lose_link();
}

void LogRoom::lose_link() {
  is_lost_ = true;
  desk_.log.put(log::alert_lost_queue());
  desk_.exit_asap = true;
  outcomes_.confirm_all();
  outcomes_.settle();
}

void LogRoom::take(const link::New& notice, Fd body) {
  auto message = std::make_shared<LogMessage>();
  message->number = notice.id;
  message->birth = notice.birth;
  message->birth_part = static_cast<std::uint32_t>(notice.qp % parts_a_second);
  message->arrival = desk_.now;
  message->body = std::move(body);
  desk_.log_mail.add(message);
  if (notice.replayed && queue::StockStore(names_).info(notice.id)) return moves_.confirm(message);
  Preprocessing preprocessing(desk_, id_of(*message),
                              {.size_bytes = notice.size, .qp = notice.qp, .uid = notice.uid},
                              find_message_id(*message), *message);
  for (std::string_view rest = notice.envelope; !rest.empty();) {
    const std::size_t end = rest.find('\0');
    // Nothing can be wrong with a record of an envelope that parse_notice() has let pass.
    static_cast<void>(preprocessing.take(rest.substr(0, end), ""));
    rest.remove_prefix(end + 1);
  }
  if (notice.replayed) {
    // Until it is looked at.
    message->may_have_files = true;
    replayed_.push_back(std::move(message));
  } else {
    moves_.note_arrival();
    begin_attempts(*message);
    schedule(message);
  }
}

/// For the twin of the log, once; empty if the body is not here.
std::string LogRoom::find_message_id(LogMessage& message) const {
  if (desk_.log.twin() == nullptr || !message.body || std::exchange(message.is_header_told, true)) return {};
  return read_message_id(message.body);
}

void LogRoom::take(const link::Earlier& notice, Fd) {
  const auto message = desk_.log_mail.find(notice.id);
  if (!message || notice.index >= message->places.size()) return;
  const LogMessage::Place place = message->places[notice.index];
  message->mark_done(place.channel, place.position);
  if (notice.kind == 'D') message->bounce += notice.text;
}

void LogRoom::take(const link::Live&, Fd) {
  is_live_ = true;
  for (const Message& message : replayed_) begin_attempts(*message);
}

void LogRoom::begin_attempts(LogMessage& message) {
  for (const Channel channel : queue::every_channel)
    if (!message.list(channel).empty())
      message.attempt(channel) =
          has_recipients_to_try(message, channel) ? Attempt::waiting : Attempt::finished;
}

/// What was replayed gets its turn little by little: each is five questions to the disk, and new mail does
/// not wait for them.
void LogRoom::schedule_replayed() {
  for (int looked = 0; looked < most_looks_a_round && !replayed_.empty(); ++looked) {
    const Message message = std::move(replayed_.front());
    replayed_.pop_front();
    schedule(message);
    if (message->stage != Stage::live) continue;
    // If it was on its way into the layout, what is there of it is used, or would never go.
    message->may_have_files = has_remains(message->number);
    if (message->may_have_files) moves_.want(message);
  }
}

void LogRoom::schedule(const Message& message) {
  for (const Channel channel : queue::every_channel)
    if (message->attempt(channel) == Attempt::waiting)
      desk_.due_on(channel).insert_new({desk_.now, message->number});
  arrivals_.push_back(message);
  if (message->is_finished() || desk_.exit_asap) desk_.log_mail.touch(message);
}

bool LogRoom::has_remains(queue::Number number) const {
  using queue::Part;
  for (const Part part : {Part::mess, Part::info, Part::local, Part::remote, Part::bounce}) {
    struct stat found {};
    if (::fstatat(names_.layout().fd(), queue::name_of(part, number).c_str(), &found, 0) == 0) return true;
  }
  return false;
}

void LogRoom::take(const link::Synced& notice, Fd) {
  synced_ = notice.serial;
  moves_.synced(notice.serial);
  for (const Message& message : std::exchange(before_bouncing_, {})) desk_.log_mail.touch(message);
}

void LogRoom::take(const link::Body& notice, Fd body) {
  const auto message = desk_.log_mail.find(notice.id);
  if (!message || !message->is_in_memory()) return;
  message->is_body_asked = false;
  message->body = std::move(body);
  if (const std::string found = find_message_id(*message); !found.empty())
    desk_.log.twin()->put({.event = "header", .message = id_of(*message), .message_id = found});
  const std::int64_t when = message->body ? desk_.now : desk_.now + body_pause_seconds;
  for (const Channel channel : desk_.log_mail.take_parked(*message))
    desk_.due_on(channel).insert_new({when, notice.id});
  // Without it there is no bounce; from the layout it can be sent.
  if (!message->body && message->stage == Stage::live && message->is_finished()) moves_.want(message);
  desk_.log_mail.touch(message);
}

void LogRoom::take(const link::Leave& notice, Fd) {
  moves_.note_shortage();
  const auto message = desk_.log_mail.find(notice.id);
  if (message) move(message);
}

void LogRoom::act() {
  if (!link_.is_open()) return;
  if (is_live_) {
    schedule_replayed();
    move_the_old();
  }
  // Before that only what is new: of the rest not every outcome may be known.
  for (const Message& message : desk_.log_mail.take_touched()) consider(message);
  moves_.act();
}

/// Once; then everything that is left moves, and everything that still comes.
void LogRoom::begin_to_leave() {
  if (!desk_.exit_asap || !link_.is_open() || std::exchange(is_leaving_, true)) return;
  link_.give(link::Drain{});
  desk_.log_mail.touch_all();
  moves_.hurry();
}

void LogRoom::move_the_old() {
  for (; !arrivals_.empty(); arrivals_.pop_front()) {
    const Message& first = arrivals_.front();
    if (first->stage == Stage::ending) return;
    if (first->stage != Stage::live) continue;
    if (first->arrival + old_seconds > desk_.now) return;
    moves_.want(first);
  }
}

void LogRoom::consider(const Message& message) {
  if (message->stage != Stage::live) return;
  if (message->has_attempt(Attempt::parked)) get_body(message);
  if (message->may_have_files) return moves_.want(message);
  const bool is_over = message->is_finished() && message->unwritten == 0;
  if (is_over && message->bounce.empty()) return outcomes_.end(message);
  const bool is_tried = !message->has_attempt(Attempt::waiting) && !message->has_attempt(Attempt::parked) &&
                        !message->has_attempt(Attempt::running);
  if (desk_.exit_asap || (is_tried && !message->is_finished())) return moves_.want(message);
  if (is_over) bounce(message);
}

/// The sender is told when nothing can undo the failures any more.
void LogRoom::bounce(const Message& message) {
  if (message->failure_serial > synced_) return before_bouncing_.push_back(message);
  if (!message->body) return get_body(message);
  if (bounce_failures(desk_, message->number) == Bounced::trouble)
    moves_.want(message);
  else
    outcomes_.end(message);
}

void LogRoom::get_body(const Message& message) {
  if (std::exchange(message->is_body_asked, true)) return;
  link_.give(link::Get{.id = message->number});
}

}  // namespace qmail::send
