#include "core/programs/qmail-send/jobs.h"

#include <utility>

namespace qmail::send {

void Jobs::release(JobPtr&& held) {
  const JobPtr job = std::move(held);
  if (job.use_count() > 1) return;
  if (job->reached_end && job->left == 0) return settle(*job);
  desk_.due_on(job->channel).insert({job->retry, job->number});
}

void Jobs::settle(const Job& job) {
  if (const auto trouble = desk_.store.remove_list(job.number, job.channel)) {
    desk_.warn_later(*trouble);
    desk_.due_on(job.channel).insert({desk_.clock.now() + trouble_pause_seconds, job.number});
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
