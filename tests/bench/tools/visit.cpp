// visit ADDRESS PORT COUNT AT-A-TIME [TEXT]: connects COUNT times, AT-A-TIME at once, sends TEXT and an end
// of line on each, if there is one, and reads until the server hangs up. Prints the seconds that all took,
// and how many connections said something. One process, no threads.
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "socket.h"

namespace {

using bench::Socket;

class Visits {
 public:
  Visits(const sockaddr_in& server, long count, long at_a_time, std::string text)
      : server_(server), left_(count), text_(std::move(text)), seats_(static_cast<std::size_t>(at_a_time)) {}

  /// How many were answered.
  long run() {
    for (Seat& seat : seats_) next(seat);
    while (open_ > 0) {
      epoll_event events[64];
      const int ready = ::epoll_wait(epoll_.get(), events, 64, -1);
      for (int i = 0; i < ready; ++i) read(*static_cast<Seat*>(events[i].data.ptr));
    }
    return answered_;
  }

 private:
  struct Seat {
    Socket socket;
    std::string heard;
  };

  void next(Seat& seat) {
    if (left_-- <= 0) return;
    ++open_;
    seat.heard.clear();
    seat.socket = Socket(::socket(AF_INET, SOCK_STREAM, 0));
    // On loopback this takes no time, or the server is gone.
    if (::connect(seat.socket.get(), reinterpret_cast<const sockaddr*>(&server_), sizeof server_) < 0)
      bench::fail("unable to connect");
    ::fcntl(seat.socket.get(), F_SETFL, O_NONBLOCK);
    std::string out = text_;
    // One who has hung up already is seen to have done so when it is read.
    static_cast<void>(seat.socket.send(out));
    bench::watch(epoll_.get(), EPOLL_CTL_ADD, seat.socket.get(), EPOLLIN, &seat);
  }

  void read(Seat& seat) {
    if (seat.socket.receive(seat.heard)) return;
    answered_ += seat.heard.empty() ? 0 : 1;
    --open_;
    seat.socket = Socket();
    next(seat);
  }

  const sockaddr_in server_;
  long left_;
  const std::string text_;
  std::vector<Seat> seats_;
  const Socket epoll_{::epoll_create1(0)};
  long open_ = 0;
  long answered_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  try {
    const std::string text = argc > 5 ? argv[5] + std::string("\r\n") : "";
    Visits visits(bench::address_of(argv[1], std::atol(argv[2])), std::atol(argv[3]), std::atol(argv[4]),
                  text);
    const auto begin = std::chrono::steady_clock::now();
    const long answered = visits.run();
    std::cout << std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() << " "
              << answered << "\n";
  } catch (const std::runtime_error& error) {
    std::cerr << "visit: " << error.what() << "\n";
    return 1;
  }
}
