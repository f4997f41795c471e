#include "ucspi/lib/relay.h"

#include <cerrno>
#include <unistd.h>

#include "core/base/poll_set.h"

namespace qmail::ucspi {
namespace {

bool is_passing(int error) { return error == EINTR || error == EAGAIN; }

class Copier {
 public:
  Copier(const Way& way, std::size_t piece) : way_(way), piece_(piece) {}

  bool is_over() const { return is_over_; }
  void ask(PollSet& wanted) {
    if (is_over_)
      place_ = not_polled;
    else
      place_ = pending_.empty() ? wanted.add(way_.from) : wanted.add(way_.to, POLLOUT);
  }
  void go_on(const PollSet& ready) {
    if (!ready.is_ready(place_)) return;
    if (pending_.empty())
      read_some();
    else
      write_some();
  }

 private:
  void read_some() {
    std::string bytes(piece_, '\0');
    const ssize_t got = ::read(way_.from, bytes.data(), bytes.size());
    if (got < 0 && is_passing(errno)) return;
    if (got > 0) {
      pending_ = way_.change(std::string_view(bytes).substr(0, static_cast<std::size_t>(got)));
      return;
    }
    // A connection that was reset ends like one that was closed.
    is_over_ = true;
    way_.at_end();
  }

  void write_some() {
    const ssize_t written = ::write(way_.to, pending_.data(), pending_.size());
    if (written >= 0)
      pending_.erase(0, static_cast<std::size_t>(written));
    else
      is_over_ = !is_passing(errno);
  }

  const Way& way_;
  std::size_t piece_;
  std::string pending_;
  std::size_t place_ = not_polled;
  bool is_over_ = false;
};

}  // namespace

void relay(const Way& there, const Way& back, std::size_t piece) {
  Copier first(there, piece), second(back, piece);
  while (!second.is_over()) {
    PollSet wanted;
    first.ask(wanted);
    second.ask(wanted);
    wanted.wait();
    first.go_on(wanted);
    second.go_on(wanted);
  }
}

}  // namespace qmail::ucspi
