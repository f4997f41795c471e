#include "core/programs/qmail-send/intake.h"

#include <sys/stat.h>
#include <utility>

#include "core/base/io.h"
#include "core/programs/qmail-send/message_id.h"
#include "core/programs/qmail-send/preprocessing.h"

namespace qmail::send {
namespace {

using queue::Draft;
using queue::Part;
using queue::Trouble;

constexpr std::int64_t between_looks_seconds = 1500;
constexpr std::size_t most_messages = 16;
constexpr std::size_t most_recipients = 1000;

}  // namespace

void Intake::prepare(PollSet& set) const {
  if (desk_.exit_asap) return;
  set.add(trigger_.fd(), POLLIN);
  if (scan_) set.at_once();
  if (!unsettled_.empty()) set.until(settle_at_);
  set.until(next_);
}

void Intake::act(const PollSet& set) {
  if (desk_.exit_asap) return;
  settle();
  if (!scan_) {
    if (!set.is_ready(trigger_.fd()) && desk_.now < next_) return;
    trigger_.rearm();
    scan_.emplace(layout_, Part::todo);
    next_ = desk_.now + between_looks_seconds;
  }
  complete(take_slice());
  settle();
}

std::vector<Draft> Intake::take_slice() {
  std::vector<Draft> drafts;
  recipients_ = 0;
  while (drafts.size() < most_messages && recipients_ < most_recipients) {
    const auto number = scan_->next();
    if (!number) {
      if (scan_->unreadable())
        desk_.sleep_after(log::alert_opendir(*scan_->unreadable()));
      else
        scan_.reset();
      break;
    }
    if (auto draft = take(*number)) drafts.push_back(std::move(*draft));
  }
  return drafts;
}

/// None, and a line in the log, if the message has to wait.
std::optional<Draft> Intake::take(queue::Number number) {
  const auto wait = [&](const Trouble& trouble) {
    desk_.warn(trouble);
    return std::nullopt;
  };
  const std::string todo = queue::name_of(Part::todo, number);
  const std::string mess = queue::name_of(Part::mess, number);
  const Fd file = layout_.directory().try_file(todo);
  if (!file) return wait({"unable to open", todo});
  struct stat message {};
  if (::fstatat(layout_.fd(), mess.c_str(), &message, 0) < 0) return wait({"unable to stat", mess});
  auto started = Draft::start(names_, number);
  if (const auto* trouble = std::get_if<Trouble>(&started)) return wait(*trouble);
  auto& draft = std::get<Draft>(started);
  if (const auto trouble = copy(file, draft, static_cast<std::uint64_t>(message.st_size)))
    return wait(*trouble);
  return std::move(draft);
}

/// The twin of the log tells of it before info is written, which says it to later ones.
log::MessageId Intake::give_birth(Draft& draft) const {
  log::MessageId id{.number = draft.number()};
  if (desk_.log.twin() == nullptr) return id;
  constexpr std::int64_t nanoseconds = 1000;
  const Moment now = desk_.clock.moment();
  id.birth = now.seconds;
  id.part = now.microseconds * nanoseconds;
  draft.set_birth({id.birth, id.part});
  return id;
}

std::string Intake::find_message_id(queue::Number number) const {
  if (desk_.log.twin() == nullptr) return {};
  const Fd message = layout_.directory().try_file(queue::name_of(Part::mess, number));
  return message ? read_message_id(message) : std::string();
}

/// From the records of todo into the files of the draft.
std::optional<Trouble> Intake::copy(const Fd& todo, Draft& draft, std::uint64_t size_bytes) {
  const std::string name = queue::name_of(Part::todo, draft.number());
  Preprocessing preprocessing(desk_, give_birth(draft), {.size_bytes = size_bytes},
                              find_message_id(draft.number()), draft);
  Reader reader(todo.get());
  std::string record;
  std::optional<Trouble> trouble;
  while (!trouble && reader.line(record, static_cast<std::size_t>(-1), '\0'))
    trouble = preprocessing.take(record, name);
  recipients_ += preprocessing.recipients();
  if (trouble) return trouble;
  // Without a sender nothing could be delivered or bounced: only in todo will anybody notice.
  if (reader.stopped() == Stop::failed || !preprocessing.has_sender())
    return Trouble{"trouble reading", name};
  return draft.finish();
}

/// What the drafts say is durable, with its names, before todo goes.
void Intake::complete(std::vector<Draft> drafts) {
  std::erase_if(drafts, [&](Draft& draft) {
    const auto trouble = draft.sync();
    if (trouble) desk_.warn(*trouble);
    return trouble.has_value();
  });
  if (drafts.empty()) return;
  std::vector<queue::Number> numbers;
  for (const Draft& draft : drafts) numbers.push_back(draft.number());
  if (const auto trouble = queue::sync_names(names_, numbers)) return desk_.warn(*trouble);
  std::erase_if(drafts, [&](const Draft& draft) { return !cleaner_.remove_todo(draft.number()); });
  for (const Draft& draft : drafts) {
    desk_.note_own(draft.number());
    unsettled_.push_back(draft.number());
  }
  settle_at_ = desk_.now;
}

/// todo is gone for good before the first delivery: should it come back with the power, everything that was
/// done would be done again.
void Intake::settle() {
  if (unsettled_.empty() || desk_.now < settle_at_) return;
  if (const auto trouble = queue::sync_removed_todo(layout_)) {
    desk_.warn_later(*trouble);
    settle_at_ = desk_.now + trouble_pause_seconds;
    return;
  }
  for (const queue::Number number : std::exchange(unsettled_, {})) desk_.add_new(number);
}

}  // namespace qmail::send
