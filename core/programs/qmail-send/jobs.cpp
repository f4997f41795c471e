#include "core/programs/qmail-send/jobs.h"

#include <utility>

namespace qmail::send {
namespace {

/// Whether what follows is decided by the message's stage in the log.
bool is_of_the_log(const Job& job) { return job.mail && job.mail->stage != queue::LogMessage::Stage::stock; }

}  // namespace

JobPtr Jobs::start(Job job) {
  auto started = std::make_shared<Job>(std::move(job));
  running_on(started->channel).insert_or_assign(started->number, started);
  return started;
}

JobPtr Jobs::find(queue::Number number, queue::Channel channel) const {
  const auto& running = running_[at(channel)];
  const auto found = running.find(number);
  return found == running.end() ? nullptr : found->second.lock();
}

void Jobs::release(JobPtr&& held) {
  const JobPtr job = std::move(held);
  if (job.use_count() > 1) return;
  running_on(job->channel).erase(job->number);
  if (job->mail && job->mail->stage == queue::LogMessage::Stage::ended) return;
  if (job->reached_end && job->left == 0) return settle(*job);
  put_off(*job, job->retry);
}

void Jobs::put_off(const Job& job, std::int64_t when) {
  if (job.fate == Fate::held) return;  // info says so, and whoever releases it makes it due
  if (!is_of_the_log(job)) return desk_.due_on(job.channel).insert({when, job.number});
  job.mail->due[static_cast<std::size_t>(job.channel)] = when;
  job.mail->attempt(job.channel) = queue::LogMessage::Attempt::deferred;
  desk_.log_mail.touch(job.mail);
}

void Jobs::settle(const Job& job) {
  if (const auto trouble = desk_.store.remove_list(job.number, job.channel)) {
    desk_.warn_later(*trouble);
    put_off(job, desk_.clock.now() + trouble_pause_seconds);
  } else if (is_of_the_log(job)) {
    job.mail->attempt(job.channel) = queue::LogMessage::Attempt::finished;
    desk_.log_mail.touch(job.mail);
  } else if (!other_list_exists(job)) {
    desk_.done.insert({desk_.clock.now(), job.number});
  }
}

bool Jobs::other_list_exists(const Job& job) {
  auto answer = desk_.store.standing(job.number);
  if (const auto* trouble = std::get_if<queue::Trouble>(&answer)) {
    desk_.warn(*trouble);
    return false;  // whoever ends the message asks again
  }
  const auto& standing = std::get<queue::Standing>(answer);
  return standing.due_on(queue::Channel::local) || standing.due_on(queue::Channel::remote);
}

}  // namespace qmail::send
