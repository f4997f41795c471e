#include "core/programs/qmail-send/orders.h"

#include <utility>

namespace qmail::send {
namespace {

namespace admin = queue::admin;
using admin::Operation;
using queue::Channel;
using queue::Number;

bool is_same(const admin::Target& target, std::string_view sender, std::int64_t birth) {
  return target.birth == birth && target.sender_sum == admin::sum_of(sender);
}

bool has_lists(const queue::Standing& standing) {
  return standing.due_on(Channel::local) || standing.due_on(Channel::remote);
}

}  // namespace

bool Orders::is_on_its_way(Operation operation, const admin::Target& target) {
  if (const auto message = desk_.log_mail.find(target.number)) {
    if (!is_same(target, message->sender, message->birth) || operation == Operation::retry) return false;
    log_room_.move(message);
    return true;
  }
  const std::string todo = queue::name_of(queue::Part::todo, target.number);
  return ::faccessat(names_.layout().fd(), todo.c_str(), F_OK, 0) == 0;
}

/// In the log a message is tried as it comes, or moves to the layout to be tried again.
bool Orders::retry_in_log(const admin::Target& target) {
  const auto message = desk_.log_mail.find(target.number);
  if (!message) return false;
  for (std::int64_t& due : message->due) due = std::min(due, desk_.now);
  return true;
}

admin::Reply Orders::carry_out(const admin::Request& request) {
  Subjects subjects = take_subjects(request);
  act(request, subjects);
  for (auto& [number, subject] : subjects) {
    put_back(subject);
    if (subject.result == Result::done || subject.result == Result::running)
      tell(number, admin::name_of(request.operation));
  }
  admin::Reply reply;
  for (const admin::Target& target : request.targets) {
    const Subject& subject = subjects.at(target.number);
    reply.push_back(subject.target == target ? subject.result : Result::unknown);
  }
  return reply;
}

void Orders::tell(Number number, std::string_view operation) {
  log::Facts facts = desk_.facts("admin", number);
  facts.operation = operation;
  desk_.log.put(log::administered(number, operation), facts);
}

Orders::Subjects Orders::take_subjects(const admin::Request& request) {
  Subjects subjects;
  for (const admin::Target& target : request.targets) subjects.emplace(target.number, Subject{target});
  const auto is_wanted = [&](Number number) { return subjects.contains(number); };
  for (const Channel channel : queue::every_channel)
    for (const Due& due : desk_.due_on(channel).take_if(is_wanted))
      subjects.at(due.number).due[at(channel)] = due;
  for (const Due& due : desk_.done.take_if(is_wanted)) subjects.at(due.number).done = due;
  for (const Due& due : desk_.unclear.take_if(is_wanted)) subjects.at(due.number).unclear = due;
  for (auto& [number, subject] : subjects) look_at(subject);
  return subjects;
}

void Orders::look_at(Subject& subject) {
  for (const Channel channel : queue::every_channel)
    subject.jobs[at(channel)] = jobs_.find(subject.target.number, channel);
  subject.result = state_of(subject);
}

/// `done` if it is in the layout, and nobody but the agendas and the jobs has to do with it.
Orders::Result Orders::state_of(Subject& subject) {
  const Number number = subject.target.number;
  if (const auto message = desk_.log_mail.find(number))
    return is_same(subject.target, message->sender, message->birth) ? Result::busy : Result::unknown;
  const auto info = stock_.info(number);
  if (!info || !is_same(subject.target, info->sender, info->birth)) return Result::unknown;
  auto answer = stock_.standing(number);
  if (const auto* trouble = std::get_if<queue::Trouble>(&answer)) {
    desk_.warn(*trouble);
    return Result::trouble;
  }
  subject.standing = std::get<queue::Standing>(answer);
  if (!subject.standing.preprocessed) return Result::busy;
  const bool is_unloaded = desk_.is_loading && !desk_.own.contains(number);
  for (const Channel channel : queue::every_channel) {
    const bool is_known = subject.jobs[at(channel)] || subject.due[at(channel)] || subject.unclear;
    // What was just preprocessed is nowhere yet: it is about to be made due.
    if (subject.standing.due_on(channel) && !is_known && !subject.standing.held && !is_unloaded)
      return Result::busy;
  }
  return Result::done;
}

void Orders::act(const admin::Request& request, Subjects& subjects) {
  std::vector<Subject*> ready;
  for (auto& [number, subject] : subjects) {
    const bool is_in_log = subject.result == Result::busy && request.operation == Operation::retry;
    if (is_in_log && retry_in_log(subject.target))
      subject.result = Result::done;
    else if (subject.result == Result::done)
      ready.push_back(&subject);
  }
  const std::string report = queue::administrators_report(request.reason);
  amend(ready, request.operation, report);
  const auto shared_report = std::make_shared<const std::string>(report);
  for (Subject* subject : ready) follow(*subject, request.operation, shared_report);
}

/// In memory, what has changed on disk.
void Orders::follow(Subject& subject, Operation operation, const std::shared_ptr<const std::string>& report) {
  switch (operation) {
    case Operation::retry: return retry(subject);
    case Operation::hold: return hold(subject);
    case Operation::release: return release(subject);
    case Operation::remove: return give_up(subject, Fate::removed, nullptr);
    case Operation::bounce: return give_up(subject, Fate::bounced, report);
  }
}

/// On disk. Those that failed are not ready any more.
void Orders::amend(std::vector<Subject*>& subjects, Operation operation, const std::string& report) {
  if (operation == Operation::retry) return;
  queue::Amendments amendments(names_, desk_.settings.routing,
                               [&](const queue::Trouble& trouble) { desk_.warn(trouble); });
  std::vector<queue::Amended> messages;
  std::vector<Number> numbers;
  for (const Subject* subject : subjects) {
    messages.push_back(amended(*subject));
    numbers.push_back(subject->target.number);
  }
  std::vector<bool> good;
  switch (operation) {
    case Operation::hold: good = amendments.hold(numbers, true); break;
    case Operation::release: good = amendments.hold(numbers, false); break;
    case Operation::bounce: good = amendments.bounce(messages, report); break;
    default: good = amendments.remove(messages);
  }
  std::vector<Subject*> changed;
  for (std::size_t i = 0; i < subjects.size(); ++i)
    if (good[i])
      changed.push_back(subjects[i]);
    else
      subjects[i]->result = Result::trouble;
  subjects = std::move(changed);
}

queue::Amended Orders::amended(const Subject& subject) const {
  queue::Amended message{.number = subject.target.number};
  for (const Channel channel : queue::every_channel)
    if (const JobPtr& job = subject.jobs[at(channel)])
      message.channels[at(channel)] = {.is_in_use = true, .running = deliveries_.running(*job)};
  return message;
}

void Orders::retry(Subject& subject) {
  if (subject.standing.held)
    subject.result = Result::held;
  else
    make_due(subject);
}

void Orders::hold(Subject& subject) {
  for (const JobPtr& job : subject.jobs)
    if (job && job->fate == Fate::tried) job->fate = Fate::held;
  subject.due = {};
}

void Orders::release(Subject& subject) {
  if (!subject.standing.held) return;
  for (const JobPtr& job : subject.jobs)
    if (job && job->fate == Fate::held) {
      job->fate = Fate::tried;
      job->retry = desk_.now;
    }
  make_due(subject);
}

void Orders::make_due(Subject& subject) {
  const Number number = subject.target.number;
  for (const Channel channel : queue::every_channel)
    if (subject.standing.due_on(channel) && !subject.jobs[at(channel)]) {
      desk_.due_on(channel).insert({desk_.now, number});
      subject.due[at(channel)].reset();
    }
  if (!has_lists(subject.standing) && (subject.done || subject.unclear)) {
    desk_.done.insert({desk_.now, number});
    subject.done.reset();
  }
  subject.unclear.reset();
  desk_.note_own(number);
}

/// The lists that nobody uses are gone, and with the last one the message is done.
void Orders::give_up(Subject& subject, Fate fate, const std::shared_ptr<const std::string>& report) {
  bool is_in_use = false;
  for (const JobPtr& job : subject.jobs) {
    if (!job) continue;
    is_in_use = true;
    job->fate = fate;
    job->report = report;
    if (!deliveries_.running(*job).empty()) subject.result = Result::running;
  }
  if (!is_in_use && (has_lists(subject.standing) || subject.done || subject.unclear))
    desk_.done.insert({desk_.now, subject.target.number});
  subject.due = {};
  subject.done.reset();
  subject.unclear.reset();
  desk_.note_own(subject.target.number);
}

void Orders::put_back(Subject& subject) {
  for (const Channel channel : queue::every_channel)
    if (const auto& due = subject.due[at(channel)]) desk_.due_on(channel).insert(*due);
  if (subject.done) desk_.done.insert(*subject.done);
  if (subject.unclear) desk_.unclear.insert(*subject.unclear);
}

}  // namespace qmail::send
