#include "core/programs/qmail-qmtpd/qmail_qmtpd.h"

#include <array>
#include <signal.h>

#include "core/base/io.h"
#include "core/base/signals.h"
#include "core/control/control.h"
#include "core/control/rcpthosts.h"
#include "core/format/line_ends.h"
#include "core/format/netstring.h"
#include "core/queue/client.h"
#include "core/smtp/netstring_input.h"
#include "core/smtp/received.h"
#include "core/smtp/server_settings.h"

namespace qmail {
namespace {

constexpr std::string_view wrong_host_answer =
    "Dsorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)";
constexpr std::string_view wrong_recipient_answer = "Dsorry, I can't handle that recipient (#5.1.3)";
constexpr std::string_view wrong_sender_answer = "Dunacceptable sender (#5.1.7)";
constexpr std::string_view too_large_answer = "Dsorry, that message size exceeds my databytes limit (#5.3.4)";

/// What is remembered of each recipient until all are answered takes a byte: this bounds it.
constexpr std::size_t most_recipients = std::size_t{1} << 24;

enum class Verdict : char { accepted, wrong_host, wrong_recipient };

class Session {
 public:
  Session(const Process& self, const Control& control);
  void run();

 private:
  void take_message(queue::Client& queue);
  std::uint64_t pass_body(queue::Client& queue, std::uint64_t size);
  bool take_sender(queue::Client& queue);
  void take_recipients(queue::Client& queue);
  Verdict take_recipient(queue::Client& queue);
  void answer(const std::string& result);

  const Process& self_;
  const Directory home_;
  const smtpd::Terms terms_;
  const std::optional<RcptHosts> hosts_;
  NetstringInput in_;
  std::vector<Verdict> verdicts_;
  bool is_too_large_ = false;
};

Session::Session(const Process& self, const Control& control)
    : self_(self),
      home_(self.home()),
      terms_(smtpd::Terms::of(control.number("databytes", 0), self.environment)),
      hosts_(RcptHosts::find(control)),
      in_(self.in) {
  // Stock would relay for everybody.
  if (!hosts_ && !terms_.relay_suffix)
    throw Failure(Exit::temporary, "unable to read " + control.directory().path_of("rcpthosts") +
                                       ": create it (empty: no mail from outside) or set RELAYCLIENT");
}

void Session::run() {
  while (!in_.at_end()) {
    verdicts_.clear();
    queue::Client queue(home_, self_.environment);
    take_message(queue);
    const bool is_sender_good = take_sender(queue);
    take_recipients(queue);
    std::string result = queue.close();
    if (result.empty()) result = accepted_answer(self_.clock.now(), queue.qp());
    if (!is_sender_good) result = wrong_sender_answer;
    if (is_too_large_) result = too_large_answer;
    answer(result);
  }
}

void Session::take_message(queue::Client& queue) {
  const std::uint64_t size = in_.length();
  if (size == 0) throw Failure(Exit::permanent, "bad protocol: a message without a byte for its line ends");
  const Trace trace = Trace::from(self_.environment);
  queue.put(received_field(trace, trace.remote_host, "QMTP", self_.clock.now()));
  const std::uint64_t bytes = pass_body(queue, size);
  in_.comma();
  is_too_large_ = terms_.longest_message > 0 && bytes > terms_.longest_message;
  if (is_too_large_) queue.fail();
}

/// Returns how many bytes the message has, its lines ended by LF.
std::uint64_t Session::pass_body(queue::Client& queue, std::uint64_t size) {
  char kind = 0;
  in_.pass(1, [&](std::string_view byte) { kind = byte.front(); });
  if (kind != '\n' && kind != '\r')
    throw Failure(Exit::permanent, "bad protocol: a message that starts with neither LF nor CR");
  std::uint64_t bytes = 0;
  const auto put = [&](std::string_view piece) {
    bytes += piece.size();
    // What is too large need not be kept until its end.
    if (terms_.longest_message > 0 && bytes > terms_.longest_message) queue.fail();
    queue.put(piece);
  };
  CrRemover ends;
  in_.pass(size - 1,
           [&](std::string_view piece) { put(kind == '\r' ? ends.remove(piece) : std::string(piece)); });
  put(ends.rest());
  return bytes;
}

bool Session::take_sender(queue::Client& queue) {
  const auto sender = in_.address(in_.length());
  const bool is_good = sender && sender->find('\0') == std::string::npos;
  queue.from(is_good ? *sender : "");
  if (!is_good) queue.fail();
  return is_good;
}

void Session::take_recipients(queue::Client& queue) {
  in_.enter(in_.length());
  bool any = false;
  while (in_.has_left()) {
    if (verdicts_.size() == most_recipients) throw Failure(Exit::temporary, "too many recipients");
    verdicts_.push_back(take_recipient(queue));
    any = any || verdicts_.back() == Verdict::accepted;
  }
  in_.leave();
  in_.comma();
  if (!any) queue.fail();
}

Verdict Session::take_recipient(queue::Client& queue) {
  const std::string suffix = terms_.relay_suffix.value_or("");
  const std::uint64_t size = in_.length();
  const auto recipient = in_.address(size);
  if (!recipient || size + suffix.size() >= too_long_address) return Verdict::wrong_recipient;
  if (!terms_.relay_suffix && !hosts_->allows(*recipient)) return Verdict::wrong_host;
  if (recipient->find('\0') != std::string::npos) return Verdict::wrong_recipient;
  queue.to(*recipient + suffix);
  return Verdict::accepted;
}

void Session::answer(const std::string& result) {
  const std::array<std::string, 3> answers{netstring(result), netstring(wrong_host_answer),
                                           netstring(wrong_recipient_answer)};
  Writer out(self_.out);
  for (const Verdict verdict : verdicts_) {
    out.put(answers.at(static_cast<std::size_t>(verdict)));
    if (out.stopped() != Stop::none) break;
  }
  if (!out.flush()) throw Failure(Exit::ok, "");
}

}  // namespace

int receive_by_qmtp(const Process& self) {
  signals::ignore(SIGPIPE);
  const signals::TimeLimit limit(longest_session_seconds, static_cast<int>(Exit::temporary), "");
  Session(self, Control(self.open_directory("control"))).run();
  return 0;
}

}  // namespace qmail
