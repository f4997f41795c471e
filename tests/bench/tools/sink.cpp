// sink [--port P] [--delay MILLISECONDS] [--expect N]: an SMTP server that accepts everything and keeps
// nothing. Each reply leaves so long after its command came, on a clock of its own: a line with that
// round-trip time, not a slow server. PIPELINING is offered. Prints "ready", {"done": monotonic seconds} when
// the N-th recipient's message is in, and on TERM one line of JSON: connections, the most at once, messages,
// recipients, and of those distinct.
#include <csignal>
#include <deque>
#include <fcntl.h>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <strings.h>
#include <unordered_map>
#include <vector>

#include "moment.h"
#include "options.h"
#include "socket.h"

namespace {

volatile std::sig_atomic_t stopped = 0;

struct Totals {
  long expect = 0;
  long connections = 0;
  long open = 0;
  long peak = 0;
  long messages = 0;
  long recipients = 0;
  std::unordered_map<std::string, long> times;  ///< a recipient's messages

  void take_message(const std::vector<std::string>& to) {
    ++messages;
    const bool was_short = recipients < expect;
    recipients += static_cast<long>(to.size());
    for (const std::string& name : to) ++times[name];
    if (was_short && recipients >= expect)
      std::cout << std::fixed << "{\"done\": " << bench::moment() << "}" << std::endl;
  }
  void print() const {
    long most = 0;
    for (const auto& [name, count] : times) most = std::max(most, count);
    std::cout << "{\"connections\": " << connections << ", \"peak\": " << peak
              << ", \"messages\": " << messages << ", \"recipients\": " << recipients
              << ", \"distinct\": " << times.size() << ", \"most_per_recipient\": " << most << "}"
              << std::endl;
  }
};

struct Reply {
  double due;
  std::string text;
};

class Conversation {
 public:
  Conversation(bench::Socket connection, Totals& totals, double delay)
      : connection_(std::move(connection)), totals_(totals), delay_(delay) {
    connection_.set_no_delay();
    reply("220 sink ESMTP\r\n");
  }
  int fd() const { return connection_.get(); }

  /// Takes what came.
  void read() {
    std::string bytes;
    ended_ = !connection_.receive(bytes) || ended_;
    in_ += bytes;
    std::size_t used = 0;
    for (std::size_t end; (end = in_.find('\n', used)) != std::string::npos; used = end + 1)
      line(in_.substr(used, end - used + 1));
    in_.erase(0, used);
  }
  /// Sends what is due; false once this conversation is over.
  bool send(double now) {
    for (; !replies_.empty() && replies_.front().due <= now; replies_.pop_front())
      out_ += replies_.front().text;
    if (!connection_.send(out_)) return false;
    return !((quit_ || ended_) && replies_.empty() && out_.empty());
  }
  bool ended() const { return ended_; }
  /// When the next reply is due.
  std::optional<double> due() const {
    if (!out_.empty()) return 0.0;
    return replies_.empty() ? std::nullopt : std::optional(replies_.front().due);
  }

 private:
  void reply(const char* text) { replies_.push_back({bench::moment() + delay_, text}); }

  void line(const std::string& text) {
    if (!in_text_) return command(text);
    if (text != ".\r\n" && text != ".\n") return;
    in_text_ = false;
    totals_.take_message(recipients_);
    recipients_.clear();
    reply("250 ok\r\n");
  }

  void command(const std::string& text) {
    const auto is = [&](const char* verb) { return ::strncasecmp(text.c_str(), verb, 4) == 0; };
    if (is("EHLO")) return reply("250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n");
    if (is("MAIL") || is("RSET")) recipients_.clear();
    if (is("RCPT")) recipients_.push_back(text.substr(0, text.find('>')));
    if (is("DATA")) {
      in_text_ = true;
      return reply("354 go on\r\n");
    }
    if (!is("QUIT")) return reply("250 ok\r\n");
    quit_ = true;
    reply("221 bye\r\n");
  }

  bench::Socket connection_;
  Totals& totals_;
  const double delay_;
  std::string in_;
  std::string out_;
  std::deque<Reply> replies_;
  std::vector<std::string> recipients_;
  bool in_text_ = false;
  bool quit_ = false;
  bool ended_ = false;  ///< the client will send no more; it may still read
};

class Sink {
 public:
  Sink(long port, double delay, long expect) : epoll_(::epoll_create1(EPOLL_CLOEXEC)), delay_(delay) {
    totals_.expect = expect;
    listener_ = bench::Socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int one = 1;
    ::setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    const sockaddr_in any = bench::address_of("0.0.0.0", port);
    if (::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any) < 0 ||
        ::listen(listener_.get(), 4096) < 0)
      bench::fail("unable to listen");
    bench::watch(epoll_.get(), EPOLL_CTL_ADD, listener_.get(), EPOLLIN, nullptr);
  }

  void serve() {
    while (stopped == 0) {
      epoll_event events[256];
      const int ready = ::epoll_wait(epoll_.get(), events, 256, wait_ms());
      for (int i = 0; i < ready; ++i) {
        if (events[i].data.ptr == nullptr)
          accept_all();
        else
          hear(*static_cast<Conversation*>(events[i].data.ptr));
      }
      send_due();
    }
    totals_.print();
  }

 private:
  int wait_ms() const {
    if (waiting_.empty()) return -1;
    const double left = waiting_.begin()->first - bench::moment();
    return left <= 0 ? 0 : static_cast<int>(left * 1000) + 1;
  }

  void accept_all() {
    for (;;) {
      bench::Socket connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (!connection) return;
      auto made = std::make_unique<Conversation>(std::move(connection), totals_, delay_);
      bench::watch(epoll_.get(), EPOLL_CTL_ADD, made->fd(), EPOLLIN, made.get());
      ++totals_.connections;
      totals_.peak = std::max(totals_.peak, ++totals_.open);
      Conversation& conversation = *made;
      conversations_.emplace(&conversation, std::move(made));
      answer(conversation);
    }
  }

  void hear(Conversation& conversation) {
    conversation.read();
    if (conversation.ended()) ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, conversation.fd(), nullptr);
    answer(conversation);
  }

  /// Sends what is due now and notes when more will be; forgets the conversation when it is over.
  void answer(Conversation& conversation) {
    if (!conversation.send(bench::moment())) {
      --totals_.open;
      conversations_.erase(&conversation);
    } else if (const auto due = conversation.due()) {
      waiting_.emplace(*due, &conversation);
    }
  }

  void send_due() {
    const double now = bench::moment();
    while (!waiting_.empty() && waiting_.begin()->first <= now) {
      Conversation* conversation = waiting_.begin()->second;
      waiting_.erase(waiting_.begin());
      if (conversations_.contains(conversation)) answer(*conversation);
    }
  }

  bench::Socket epoll_;
  bench::Socket listener_;
  const double delay_;
  Totals totals_;
  std::unordered_map<Conversation*, std::unique_ptr<Conversation>> conversations_;
  std::multimap<double, Conversation*>
      waiting_;  ///< may name a conversation that is over, or another in its place
};

}  // namespace

int main(int argc, char** argv) {
  try {
    const bench::Options options(argc, argv);
    struct sigaction action {};
    action.sa_handler = [](int) { stopped = 1; };
    ::sigaction(SIGTERM, &action, nullptr);
    Sink sink(options.number("port", 2525), static_cast<double>(options.number("delay", 0)) / 1000,
              options.number("expect", 0));
    std::cout << "ready" << std::endl;
    sink.serve();
  } catch (const std::exception& e) {
    std::cerr << "sink: " << e.what() << "\n";
    return 2;
  }
}
