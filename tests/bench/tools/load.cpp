// load [--sessions N] [--messages M] [--size BYTES] [--spread U] [--reuse] FROM TO ADDRESS PORT
// Sends M messages over N SMTP sessions at a time, each command after the reply to the one before. One
// message a connection, or with --reuse as many as come. With --spread a "%" in TO becomes 0, 1 ... U-1 in
// turn. Prints one line of JSON when the last reply is in: messages accepted and refused, connections lost,
// the moments of begin and end (monotonic seconds), and the rate of each tenth of the messages.
#include <fcntl.h>
#include <iostream>
#include <memory>
#include <optional>

#include "moment.h"
#include "options.h"
#include "socket.h"

namespace {

constexpr double greeting_seconds = 3;

struct Plan {
  long messages;
  long spread;
  bool reuse;
  std::string sender;
  std::string recipient;
  std::string text;  ///< as it goes over the wire, with the final dot
  sockaddr_in server;
};

struct Score {
  long begun = 0;
  long accepted = 0;
  long refused = 0;
  long lost = 0;
  long repeated = 0;
  std::vector<double> tenths;  ///< when each tenth of the messages was accepted

  void accept(long messages) {
    ++accepted;
    const long step = std::max(messages / 10, 1L);
    if (accepted % step == 0 && tenths.size() < 10) tenths.push_back(bench::moment());
  }
};

/// The code of the reply at the front of `in`, taken off, once its last line is there.
std::optional<int> take_reply(std::string& in) {
  std::size_t begin = 0;
  for (;;) {
    const std::size_t end = in.find('\n', begin);
    if (end == std::string::npos) return std::nullopt;
    const bool last = end - begin < 4 || in[begin + 3] != '-';
    if (last) {
      const int code = std::atoi(in.c_str() + begin);
      in.erase(0, end + 1);
      return code;
    }
    begin = end + 1;
  }
}

/// One SMTP session after the other, until no message is left to begin.
class Client {
 public:
  Client(const Plan& plan, Score& score, int epoll) : plan_(plan), score_(score), epoll_(epoll) {}

  /// False if there is nothing left to do.
  bool connect() {
    connection_ = bench::Socket();
    if (score_.begun >= plan_.messages) return false;
    in_.clear();
    out_.clear();
    connection_ = bench::Socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    connection_.set_no_delay();
    const auto* server = reinterpret_cast<const sockaddr*>(&plan_.server);
    if (::connect(connection_.get(), server, sizeof plan_.server) < 0 && errno != EINPROGRESS)
      bench::fail("unable to connect");
    writable_ = false;
    bench::watch(epoll_, EPOLL_CTL_ADD, connection_.get(), EPOLLIN, this);
    step_ = Step::greeting;
    connected_ = bench::moment();
    return true;
  }

  /// Begins again if nobody has answered. False if there is nothing left to do.
  bool repeat_if_late(double now) {
    if (!connection_ || step_ != Step::greeting || now < connected_ + greeting_seconds) return true;
    ++score_.repeated;
    return connect();
  }

  /// Something came, or can be written. False: this client has finished.
  bool go_on() {
    const bool open = connection_.receive(in_);
    while (const auto code = take_reply(in_)) {
      if (step_ == Step::quit) return connect();
      answer(*code);
    }
    if (open && flush()) return true;
    if (step_ != Step::quit) lose();
    return connect();
  }

 private:
  enum class Step { greeting, hello, mail, rcpt, data, text, quit };

  void say(const std::string& line, Step next) {
    out_ += line + "\r\n";
    step_ = next;
  }

  void begin_message() {
    if (score_.begun >= plan_.messages || (!plan_.reuse && sent_)) {
      sent_ = false;
      return say("QUIT", Step::quit);
    }
    number_ = score_.begun++;
    sent_ = true;
    say("MAIL FROM:<" + plan_.sender + ">", Step::mail);
  }

  void answer(int code) {
    if (code >= 400) {
      if (step_ != Step::greeting && step_ != Step::hello)
        ++score_.refused;
      else
        ++score_.lost, ++score_.begun;
      sent_ = false;
      return say("QUIT", Step::quit);
    }
    switch (step_) {
      case Step::greeting: return say("EHLO client.test", Step::hello);
      case Step::hello: return begin_message();
      case Step::mail: return say("RCPT TO:<" + recipient() + ">", Step::rcpt);
      case Step::rcpt: return say("DATA", Step::data);
      case Step::data:
        out_ += plan_.text;
        step_ = Step::text;
        return;
      case Step::text: score_.accept(plan_.messages); return begin_message();
      case Step::quit: return;
    }
  }

  /// A connection that ended by itself costs the message that was under way, or the next one.
  void lose() {
    ++score_.lost;
    if (!sent_) ++score_.begun;
    sent_ = false;
  }

  bool flush() {
    if (!connection_.send(out_)) return false;
    if (writable_ == out_.empty()) {
      writable_ = !out_.empty();
      bench::watch(epoll_, EPOLL_CTL_MOD, connection_.get(), writable_ ? EPOLLIN | EPOLLOUT : EPOLLIN, this);
    }
    return true;
  }

  std::string recipient() const {
    std::string result = plan_.recipient;
    const std::size_t mark = result.find('%');
    if (mark != std::string::npos) result.replace(mark, 1, std::to_string(number_ % plan_.spread));
    return result;
  }

  const Plan& plan_;
  Score& score_;
  const int epoll_;
  bench::Socket connection_;
  Step step_ = Step::greeting;
  std::string in_;
  std::string out_;
  double connected_ = 0;
  long number_ = 0;
  bool sent_ = false;  ///< this connection has begun a message
  bool writable_ = false;
};

std::string text_of(const std::string& sender, std::size_t size) {
  std::string text = "From: <" + sender + ">\r\nTo: undisclosed-recipients:;\r\nSubject: load\r\n\r\n";
  const std::string line = "The same few words again and again until the message is long enough\r\n";
  while (text.size() < size) text += line;
  return text + ".\r\n";
}

void print(const Score& score, double begin, long messages) {
  std::cout << std::fixed << "{\"accepted\": " << score.accepted << ", \"refused\": " << score.refused
            << ", \"lost\": " << score.lost << ", \"repeated\": " << score.repeated
            << ", \"begin\": " << begin << ", \"end\": " << bench::moment() << ", \"tenths\": [";
  double previous = begin;
  for (std::size_t i = 0; i < score.tenths.size(); ++i) {
    const double step = static_cast<double>(std::max(messages / 10, 1L));
    std::cout << (i ? ", " : "") << step / (score.tenths[i] - previous);
    previous = score.tenths[i];
  }
  std::cout << "]}" << std::endl;
}

int run(const bench::Options& options) {
  const std::vector<std::string>& names = options.rest();
  if (names.size() != 4) throw std::runtime_error("usage: load [OPTIONS] FROM TO ADDRESS PORT");
  const Plan plan{.messages = options.number("messages", 1),
                  .spread = options.number("spread", 1),
                  .reuse = options.has("reuse"),
                  .sender = names[0],
                  .recipient = names[1],
                  .text = text_of(names[0], static_cast<std::size_t>(options.number("size", 4096))),
                  .server = bench::address_of(names[2], std::atol(names[3].c_str()))};
  Score score;
  const bench::Socket epoll(::epoll_create1(EPOLL_CLOEXEC));
  std::vector<std::unique_ptr<Client>> clients;
  const double begin = bench::moment();
  long busy = 0;
  for (long i = 0; i < std::min(options.number("sessions", 1), plan.messages); ++i) {
    clients.push_back(std::make_unique<Client>(plan, score, epoll.get()));
    busy += clients.back()->connect();
  }
  while (busy > 0) {
    epoll_event events[256];
    const int ready = ::epoll_wait(epoll.get(), events, 256, 500);
    for (int i = 0; i < ready; ++i) busy -= !static_cast<Client*>(events[i].data.ptr)->go_on();
    if (ready == 0)
      for (const auto& client : clients) busy -= !client->repeat_if_late(bench::moment());
  }
  print(score, begin, plan.messages);
  return score.accepted == plan.messages ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(bench::Options(argc, argv, {"reuse"}));
  } catch (const std::exception& e) {
    std::cerr << "load: " << e.what() << "\n";
    return 2;
  }
}
