// qmail-send in this process, with the programs around it as threads: both spawners, which answer as the test
// says, and qmail-clean. Fork first: a qmail-send changes signals and umask.
#pragma once
#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <pthread.h>
#include <signal.h>
#include <string>
#include <sys/mman.h>
#include <thread>

#include "core/base/clock.h"
#include "core/base/failure.h"
#include "core/base/fd_passing.h"
#include "core/base/io.h"
#include "core/base/text.h"
#include "core/programs/qmail-clean/qmail_clean.h"
#include "core/programs/qmail-send/qmail_send.h"
#include "core/queue/delivery_protocol.h"
#include "tests/support/fake_log.h"

namespace qmail::test {

struct SendRun {
  std::filesystem::path home;
  /// The report for one delivery, or for each recipient one with NULs between them; with an empty one the
  /// spawner is gone. Called from two threads, one for each channel.
  std::function<std::string(const queue::DeliveryRequest&)> deliver;
  Environment environment = {};
  /// TERM comes when this is true, or when the patience is over.
  std::function<bool()> is_finished;
  std::chrono::milliseconds patience{2000};
  queue::Slot slots = 100;
  FakeLog* queue_log = nullptr;  ///< null: there is no queue log
  int* exit_code = nullptr;
  std::string* twin = nullptr;  ///< gets the JSON twin of the log; null: there is none
  bool settles = false;
};

namespace send_run {

/// A connection to a program around qmail-send and one back.
struct Line {
  SocketPair to = SocketPair::make();
  Pipe from = Pipe::make();
};

/// What the request's message is: passed along, where it says so.
inline bool has_message(const queue::DeliveryRequest& request, std::vector<Fd>& passed) {
  if (!queue::is_passed(request.message)) return true;
  if (passed.empty()) return false;
  const bool is_at_start = ::lseek(passed.front().get(), 0, SEEK_CUR) == 0;
  char byte = '\0';
  static_cast<void>(::read(passed.front().get(), &byte, 1) < 0);  // whoever shares it would notice
  passed.erase(passed.begin());
  return is_at_start;
}

inline void answer_requests(const SendRun& run, Line& line) {
  Writer out(line.from.write.get());
  static_cast<void>(out.put(queue::announcement(run.slots)).flush());
  queue::RequestReader reader;
  std::array<char, 4096> block;
  std::vector<Fd> passed;
  for (ssize_t got = 0; (got = receive_with_fds(line.to.other.get(), block, passed)) > 0;) {
    std::string_view bytes(block.data(), static_cast<std::size_t>(got));
    while (const auto request = reader.take(bytes)) {
      const std::string text = has_message(*request, passed) ? run.deliver(*request) : "Zno message\n";
      if (text.empty()) return line.from.write.close();
      queue::DeliveryReport report{.slot = request->slot};
      for (const std::string_view one : split(text, '\0')) report.texts.emplace_back(one);
      static_cast<void>(out.put(queue::report_bytes(report)).flush());
    }
  }
}

inline std::string content(const Fd& file) {
  std::string text(1 << 16, '\0');
  const ssize_t got = ::pread(file.get(), text.data(), text.size(), 0);
  return text.substr(0, got < 0 ? 0 : static_cast<std::size_t>(got));
}

inline void ask_to_end(const SendRun& run, pthread_t send, const std::atomic<bool>& has_ended) {
  const auto end = std::chrono::steady_clock::now() + run.patience;
  while (!has_ended && !run.is_finished() && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  ::pthread_kill(send, SIGTERM);
}

}  // namespace send_run

/// Runs it and returns its log. Throws Failure if it could not start.
inline std::string run_send(const SendRun& run) {
  using namespace send_run;
  const queue::Layout layout = queue::Layout::open(Directory::open(run.home.string()));
  const Fd log(::memfd_create("log", MFD_CLOEXEC));
  const Fd twin(::memfd_create("twin", MFD_CLOEXEC));
  const SystemClock clock;
  // They are for qmail-send, not for a thread beside it, and may come before it is ready for them.
  sigset_t for_send;
  sigemptyset(&for_send);
  for (const int number : {SIGTERM, SIGALRM, SIGHUP}) sigaddset(&for_send, number);
  ::pthread_sigmask(SIG_BLOCK, &for_send, nullptr);
  Line local, remote, clean;
  std::thread local_spawner([&] { answer_requests(run, local); });
  std::thread remote_spawner([&] { answer_requests(run, remote); });
  std::thread cleaner(
      [&] { queue::clean_queue(clean.to.other.get(), clean.from.write.get(), layout, clock); });
  std::atomic<bool> has_ended = false;
  std::thread watcher([&, send = ::pthread_self()] { ask_to_end(run, send, has_ended); });
  SocketPair log_ends = SocketPair::make(SOCK_SEQPACKET);
  std::thread queue_log([&] {
    if (run.queue_log != nullptr) run.queue_log->serve(std::move(log_ends.other), layout);
  });
  const int code =
      send::send_mail({.environment = run.environment,
                       .clock = clock,
                       .home = run.home.string(),
                       .connections = {.log = log.get(),
                                       .local_requests = local.to.one.get(),
                                       .local_reports = local.from.read.get(),
                                       .remote_requests = remote.to.one.get(),
                                       .remote_reports = remote.from.read.get(),
                                       .clean_requests = clean.to.one.get(),
                                       .clean_answers = clean.from.read.get(),
                                       .queue_log = run.queue_log != nullptr ? log_ends.one.get() : -1,
                                       .twin = twin.get()},
                       .has_twin = run.twin != nullptr,
                       .settles = run.settles});
  if (run.exit_code != nullptr) *run.exit_code = code;
  has_ended = true;
  for (Line* line : {&local, &remote, &clean}) line->to.one.close();
  log_ends.one.close();
  for (std::thread* thread : {&local_spawner, &remote_spawner, &cleaner, &watcher, &queue_log})
    thread->join();
  const timespec at_once{};
  while (::sigtimedwait(&for_send, nullptr, &at_once) > 0) {  // it may have come too late for this one
  }
  if (run.twin != nullptr) *run.twin = send_run::content(twin);
  return send_run::content(log);
}

}  // namespace qmail::test
