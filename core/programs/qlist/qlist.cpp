#include "core/programs/qlist/qlist.h"

#include <signal.h>

#include "core/base/io.h"
#include "core/base/signals.h"
#include "core/base/text.h"
#include "core/format/automatic_mail.h"
#include "core/programs/qlist/list.h"
#include "core/programs/qlist/notices.h"
#include "core/queue/notice.h"

namespace qmail::qlist {
namespace {

/// No request is longer, and nothing that is gets into memory or to anybody else.
constexpr std::size_t longest_message = std::size_t{1} << 18;

/// It goes to the log of the delivery; nothing depends on it.
int end_saying(std::string_view what, const Process& self) {
  static_cast<void>(Writer(self.err).put("qlist: ").put(what).put("\n").flush());
  return 0;
}

int stay_silent(std::string_view why, const Process& self) {
  return end_saying("no answer: " + std::string(why), self);
}

Request read_message(const Process& self, const Settings& settings) {
  const auto message = read_all(self.in, longest_message, "message");
  if (!message)
    throw Failure(Exit::permanent, "this message is too long for a request: more than " +
                                       std::to_string(longest_message) + " bytes");
  return read_request(*message, settings.request);
}

void check_address(std::string_view address, const Settings& settings) {
  if (!may_subscribe(address, settings))
    throw Failure(Exit::permanent,
                  "sorry, I'm not allowed to use that address: " + printable(std::string(address), '?'));
}

class Desk {
 public:
  Desk(const Settings& settings, const Process& self)
      : settings_(settings),
        self_(self),
        heading_{.delivered_to = self.environment.require("DTLINE", Exit::permanent),
                 .now = self.clock.now(),
                 .id = queue::notice_id("qlist", settings.request, self.clock)} {}

  /// Somebody has the proof that he reads what goes to the address.
  int confirm(const Confirmation& confirmation) const {
    const bool was_there = List(settings_).change(confirmation.address, confirmation.action);
    const std::string outcome = acknowledgment(confirmation.address, confirmation.action, was_there);
    send(answer(settings_, heading_, confirmation.address, outcome), {confirmation.address, settings_.owner});
    return end_saying(outcome, self_);
  }

  int ask(const Request& request, const std::string& address) const {
    const Action action = request.confirmation ? request.confirmation->action : request.orders.back().action;
    Confirmation wanted{.action = action, .issued = heading_.now, .address = address};
    wanted.proof = proof_of(wanted, settings_.list, List(settings_).key());
    send(question(settings_, heading_, request, wanted), {address});
    return end_saying(address + " is asked to confirm: " + std::string(word_for(action)), self_);
  }

  int obey(const Request& request, const std::string& address) const {
    std::vector<std::string> outcomes;
    for (const Order& order : request.orders)
      outcomes.push_back(
          acknowledgment(address, order.action, List(settings_).change(address, order.action)));
    send(annotated(settings_, heading_, request, outcomes), {settings_.owner, address});
    return end_saying(outcomes.back(), self_);
  }

  bool has_issued(const Confirmation& confirmation) const {
    return is_valid(confirmation, settings_.list, List(settings_).key(), heading_.now);
  }

 private:
  void send(std::string_view message, const std::vector<std::string>& recipients) const {
    const std::string reply = queue::send_notice(message, recipients, self_.home(), self_.environment);
    if (reply.empty()) return;
    throw Failure(reply.front() == 'D' ? Exit::permanent : Exit::temporary, reply.substr(1));
  }

  const Settings& settings_;
  const Process& self_;
  Heading heading_;
};

}  // namespace

int serve_request(const Process& self) {
  signals::ignore(SIGPIPE);
  const Settings settings = read_settings(self.args);
  const std::string sender(self.environment.require("SENDER", Exit::permanent));
  const Desk desk(settings, self);
  if (const auto why = why_no_answer_to(sender); !why.empty()) return stay_silent(why, self);
  const Request request = read_message(self, settings);
  if (!request.why_not.empty()) return stay_silent(request.why_not, self);
  if (!settings.is_immediate && request.confirmation && desk.has_issued(*request.confirmation))
    return desk.confirm(*request.confirmation);
  const std::string& address = request.author.empty() ? sender : request.author;
  check_address(address, settings);
  return settings.is_immediate ? desk.obey(request, address) : desk.ask(request, address);
}

}  // namespace qmail::qlist
