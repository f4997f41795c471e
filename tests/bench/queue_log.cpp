// queue_log FOLDER [COMMITS]: what accepting 4 KB messages into the queue's log costs on FOLDER's disk, one
// and 20 at a time; each ends with the next commit. Prints "name value unit": wall and processor time a
// message.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <sys/resource.h>

#include "core/queue/log/log.h"
#include "core/queue/log/mover.h"
#include "tests/support/temp_home.h"

namespace {

using qmail::queue_log::Log;
using qmail::queue_log::Number;
using Clock = std::chrono::steady_clock;

/// Not one that the log uses.
constexpr std::uint32_t floor_segment = 1000;
const std::string body(4096, 'x');
const std::string envelope{"Fme@here.example\0Tyou@there.example\0", 36};

double processor_microseconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto of = [](const timeval& time) {
    return 1e6 * static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec);
  };
  return of(used.ru_utime) + of(used.ru_stime);
}

void provide(Log& log, const qmail::queue::Layout& layout) {
  while (const auto segment = log.segment_wanted())
    if (qmail::queue_log::make_segment(layout, *segment) == 0) log.adopt_segment(*segment);
  if (const std::size_t wanted = log.spares_wanted())
    log.adopt_spares(qmail::queue_log::make_spares(layout, wanted));
}

struct Cost {
  std::vector<double> wall;  ///< of each commit
  double processor = 0;      ///< of all
};

template <typename Work>
void measure(Cost& cost, Work work) {
  const double processor = processor_microseconds();
  const auto begin = Clock::now();
  work();
  cost.wall.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begin).count());
  cost.processor += processor_microseconds() - processor;
}

void commit_once(Log& log, std::size_t at_once, std::vector<Number>& before) {
  const std::string_view piece = body;
  for (const Number id : before) log.ended(id);
  before.clear();
  for (std::size_t i = 0; i < at_once; ++i)
    before.push_back(std::get<Number>(log.append({.envelope = envelope, .body = {&piece, 1}})));
  if (log.commit() != Log::Commit::durable) std::exit(1);
}

/// What the log writes for that, without its doing anything.
void write_pages(int file, std::size_t at_once, std::size_t& at) {
  constexpr std::size_t record_bytes = 9 * qmail::queue_log::sector_bytes + qmail::queue_log::sector_bytes;
  const std::string pages(qmail::queue_log::round_up(at_once * record_bytes, qmail::queue_log::page_bytes),
                          'x');
  if (at + pages.size() > qmail::queue_log::usual_segment_bytes) at = 0;
  if (::pwrite(file, pages.data(), pages.size(), static_cast<off_t>(at)) < 0 || ::fdatasync(file) < 0)
    std::exit(1);
  at += pages.size();
}

void print(const std::string& what, std::size_t at_once, Cost& cost) {
  const auto messages = static_cast<double>(at_once);
  const auto middle = cost.wall.begin() + static_cast<std::ptrdiff_t>(cost.wall.size() / 2);
  std::nth_element(cost.wall.begin(), middle, cost.wall.end());
  const std::string name = what + "." + std::to_string(at_once);
  std::cout << name << ".wall " << *middle / messages << " us\n"
            << name << ".processor " << cost.processor / messages / static_cast<double>(cost.wall.size())
            << " us\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const std::size_t commits = argc > 2 ? std::stoul(argv[2]) : 500;
  const std::filesystem::path home = std::filesystem::path(argv[1]) / "queue-log-bench";
  qmail::test::TempHome::make_queue(home / "queue");
  {
    const auto layout = qmail::queue::Layout::open(qmail::Directory::open(home.string()));
    const qmail::SystemClock clock;
    auto opened = Log::open(layout, clock, [](const std::string& line) { std::cerr << line; });
    if (const auto* reason = std::get_if<std::string>(&opened)) {
      std::cerr << *reason << "\n";
      return 1;
    }
    Log& log = *std::get<0>(opened);
    if (qmail::queue_log::make_segment(layout, floor_segment) != 0) return 1;
    const qmail::Fd file(::openat(layout.fd(), qmail::queue::segment_name(floor_segment).c_str(), O_RDWR));
    for (const std::size_t at_once : {1U, 20U}) {
      Cost cost;
      Cost floor;
      std::vector<Number> before;
      std::size_t at = 0;
      for (std::size_t i = 0; i < commits; ++i) {
        provide(log, layout);
        measure(cost, [&] { commit_once(log, at_once, before); });
        measure(floor, [&] { write_pages(file.get(), at_once, at); });
      }
      print("queue_log", at_once, cost);
      print("floor", at_once, floor);
    }
  }
  std::filesystem::remove_all(home);
}
