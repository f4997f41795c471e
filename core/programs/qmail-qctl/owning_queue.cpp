#include <algorithm>
#include <cerrno>
#include <functional>
#include <sys/file.h>
#include <sys/stat.h>

#include "core/base/failure.h"
#include "core/programs/qmail-qctl/queue_owner.h"
#include "core/programs/qmail-qctl/settle.h"
#include "core/queue/amendments.h"
#include "core/queue/log/scan.h"
#include "core/users/ids.h"

namespace qmail::qctl {
namespace {

namespace admin = queue::admin;
using admin::Operation;
using admin::Result;
using queue::Number;

Fd lock_queue(const queue::Layout& queue) {
  const std::string path = queue.directory().path_of(queue::send_lock_name);
  Fd lock(::openat(queue.fd(), queue::send_lock_name, O_WRONLY | O_NONBLOCK | O_CLOEXEC));
  if (!lock) throw Failure::system("open " + path);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) throw Failure::system("lock " + path);
  throw Failure(
      Exit::temporary,
      "qmail-send runs but takes no orders: it is about to start or to end, or of an older release");
}

/// Files that are made must be qmail-send's. Whoever is not root stays who he is.
class AsQmailSend {
 public:
  explicit AsQmailSend(const Identity& qmails) : is_root_(::geteuid() == 0), gid_(::getegid()) {
    if (is_root_ && (::setegid(qmails.gid) < 0 || ::seteuid(qmails.uid) < 0))
      throw Failure::system("become the user of qmail-send");
  }
  AsQmailSend(const AsQmailSend&) = delete;
  ~AsQmailSend() {
    if (is_root_ && (::seteuid(0) < 0 || ::setegid(gid_) < 0)) ::_exit(static_cast<int>(Exit::temporary));
  }

 private:
  bool is_root_;
  gid_t gid_;
};

class StoppedQueue final : public QueueOwner {
 public:
  StoppedQueue(const Directory& home, const queue::Layout& queue, const Clock& clock, Writer& err)
      : lock_(lock_queue(queue)),
        qmails_(users::read_ids(home).qmails),
        clock_(clock),
        err_(err),
        names_(queue),
        store_(names_),
        routing_(queue::read_routing(Control(home.sub("control")))),
        amendments_(names_, routing_, [this](const queue::Trouble& trouble) { warn(trouble); }) {
    ::umask(077);
  }

  admin::Reply carry_out(const admin::Request& request) override {
    admin::Reply reply;
    std::vector<Number> numbers;
    std::vector<bool> good;
    {
      const AsQmailSend self(qmails_);
      for (const admin::Target& target : request.targets) {
        reply.push_back(state_of(target, request.operation));
        if (reply.back() == Result::done) numbers.push_back(target.number);
      }
      good = change(request, numbers);
      if (request.operation == Operation::remove) end(numbers, good);
    }
    if (request.operation == Operation::remove) remove_messages(numbers, good);
    auto one = good.begin();
    for (Result& result : reply)
      if (result == Result::done && !*one++) result = Result::trouble;
    return reply;
  }

 private:
  void warn(const queue::Trouble& trouble) {
    err_.put("warning: ").put(trouble.what).put(" ").put(trouble.file).put("\n");
  }

  Result state_of(const admin::Target& target, Operation operation) {
    const auto info = store_.info(target.number);
    if (!info || info->birth != target.birth || admin::sum_of(info->sender) != target.sender_sum)
      return Result::unknown;
    const auto answer = store_.standing(target.number);
    if (const auto* trouble = std::get_if<queue::Trouble>(&answer)) return warn(*trouble), Result::trouble;
    const auto& standing = std::get<queue::Standing>(answer);
    if (!standing.preprocessed) return Result::busy;
    return operation == Operation::retry && standing.held ? Result::held : Result::done;
  }

  /// As qmail-send does it; nothing is being delivered.
  std::vector<bool> change(const admin::Request& request, const std::vector<Number>& numbers) {
    std::vector<queue::Amended> messages;
    for (const Number number : numbers) messages.push_back({.number = number});
    switch (request.operation) {
      case Operation::retry: return retry(numbers);
      case Operation::hold: return amendments_.hold(numbers, true);
      case Operation::release: return release(numbers);
      case Operation::remove: return amendments_.remove(messages);
      default: return amendments_.bounce(messages, queue::administrators_report(request.reason));
    }
  }

  /// The next qmail-send finds in the time of a list when it is due.
  std::vector<bool> retry(const std::vector<Number>& numbers) {
    std::vector<bool> good;
    for (const Number number : numbers) {
      good.push_back(true);
      for (const queue::Channel channel : queue::every_channel)
        if (!store_.set_due(number, channel, clock_.now()) && errno != ENOENT) {
          warn({"unable to utime", store_.list_name(number, channel)});
          good.back() = false;
        }
    }
    return good;
  }

  std::vector<bool> release(const std::vector<Number>& numbers) {
    std::vector<bool> good = amendments_.hold(numbers, false);
    const std::vector<bool> due = retry(numbers);
    std::transform(good.begin(), good.end(), due.begin(), good.begin(), std::logical_and<>());
    return good;
  }

  /// A message without lists ends with its info: nobody delivers it any more.
  void end(const std::vector<Number>& numbers, std::vector<bool>& good) {
    std::vector<Number> ended;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (!good[i]) continue;
      const auto trouble = store_.remove_info(numbers[i]);
      if (trouble) warn(*trouble);
      good[i] = !trouble;
      if (good[i]) ended.push_back(numbers[i]);
    }
    if (const auto trouble = store_.sync_infos(ended)) {
      warn(*trouble);
      good.assign(good.size(), false);
    }
  }

  /// What cannot be removed now, qmail-send has removed when it is old enough.
  void remove_messages(const std::vector<Number>& numbers, const std::vector<bool>& good) {
    for (std::size_t i = 0; i < numbers.size(); ++i)
      if (good[i])
        if (const auto trouble = names_.remove(queue::Part::mess, numbers[i])) warn(*trouble);
  }

  Fd lock_;
  Identity qmails_;
  const Clock& clock_;
  Writer& err_;
  queue::Names names_;
  queue::StockStore store_;
  queue::Routing routing_;
  queue::Amendments amendments_;
};

}  // namespace

std::unique_ptr<QueueOwner> take_queue(const Directory& home, const queue::Layout& queue, const Clock& clock,
                                       Writer& err) {
  // A first look, so that a qmail-send that runs is told of in the same words.
  lock_queue(queue).close();
  if (!queue_log::live_messages(queue).empty()) settle_queue(home, err.fd());
  return std::make_unique<StoppedQueue>(home, queue, clock, err);
}

}  // namespace qmail::qctl
