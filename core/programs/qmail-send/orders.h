// Doing what the administrator wants of messages, beside the deliveries: each is found where it is, in the
// agendas, in a job, not yet loaded or held, and the files are changed by core/queue/amendments.h.
// qmail-qctl(8).
#pragma once
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "core/programs/qmail-send/deliveries.h"
#include "core/programs/qmail-send/log_room.h"
#include "core/queue/admin_protocol.h"
#include "core/queue/amendments.h"

namespace qmail::send {

class Orders {
 public:
  Orders(Desk& desk, queue::Names& names, Jobs& jobs, const Deliveries& deliveries, LogRoom& log_room)
      : desk_(desk),
        names_(names),
        stock_(names),
        jobs_(jobs),
        deliveries_(deliveries),
        log_room_(log_room) {}

  /// True while the message is on its way to where it can be changed: out of todo, or out of the queue log,
  /// which it is then asked to leave.
  bool is_on_its_way(queue::admin::Operation operation, const queue::admin::Target& target);
  /// Whatever is still on its way is `busy`. What is done is durable on return, and logged.
  queue::admin::Reply carry_out(const queue::admin::Request& request);

 private:
  using Result = queue::admin::Result;
  /// One message, and what was taken out of the agendas for it: it goes back there, or something new does.
  struct Subject {
    queue::admin::Target target;
    Result result = Result::unknown;
    queue::Standing standing = {};
    std::array<JobPtr, 2> jobs = {};             ///< by channel
    std::array<std::optional<Due>, 2> due = {};  ///< by channel
    std::optional<Due> done = {}, unclear = {};
  };
  using Subjects = std::map<queue::Number, Subject>;

  Subjects take_subjects(const queue::admin::Request& request);
  void look_at(Subject& subject);
  Result state_of(Subject& subject);
  bool retry_in_log(const queue::admin::Target& target);
  void act(const queue::admin::Request& request, Subjects& subjects);
  void follow(Subject& subject, queue::admin::Operation operation,
              const std::shared_ptr<const std::string>& report);
  void retry(Subject& subject);
  void hold(Subject& subject);
  void release(Subject& subject);
  void give_up(Subject& subject, Fate fate, const std::shared_ptr<const std::string>& report);
  void amend(std::vector<Subject*>& subjects, queue::admin::Operation operation, const std::string& report);
  queue::Amended amended(const Subject& subject) const;
  void make_due(Subject& subject);
  void put_back(Subject& subject);
  void tell(queue::Number number, std::string_view operation);

  Desk& desk_;
  queue::Names& names_;
  queue::StockStore stock_;
  Jobs& jobs_;
  const Deliveries& deliveries_;
  LogRoom& log_room_;
};

}  // namespace qmail::send
