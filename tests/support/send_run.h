// qmail-send in this process, with the programs around it as threads: both spawners, which answer as the test
// says, and qmail-clean. Fork first: a qmail-send changes signals and umask.
#pragma once
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
#include "core/base/io.h"
#include "core/base/text.h"
#include "core/programs/qmail-clean/qmail_clean.h"
#include "core/programs/qmail-send/qmail_send.h"
#include "core/queue/delivery_protocol.h"

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
};

namespace send_run {

/// A connection to a program around qmail-send and one back.
struct Line {
  Pipe to = Pipe::make();
  Pipe from = Pipe::make();
};

inline void answer_requests(const SendRun& run, Line& line) {
  Writer out(line.from.write.get());
  static_cast<void>(out.put(queue::announcement(run.slots)).flush());
  queue::RequestReader reader;
  Reader in(line.to.read.get());
  for (std::string_view bytes = in.peek(); !bytes.empty(); bytes = in.peek()) {
    const std::size_t size = bytes.size();
    while (const auto request = reader.take(bytes)) {
      const std::string text = run.deliver(*request);
      if (text.empty()) return line.from.write.close();
      queue::DeliveryReport report{.slot = request->slot};
      for (const std::string_view one : split(text, '\0')) report.texts.emplace_back(one);
      static_cast<void>(out.put(queue::report_bytes(report)).flush());
    }
    in.take(size);
  }
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
  const SystemClock clock;
  Line local, remote, clean;
  std::thread local_spawner([&] { answer_requests(run, local); });
  std::thread remote_spawner([&] { answer_requests(run, remote); });
  std::thread cleaner(
      [&] { queue::clean_queue(clean.to.read.get(), clean.from.write.get(), layout, clock); });
  sigset_t term;
  sigemptyset(&term);
  sigaddset(&term, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &term, nullptr);  // it may come before qmail-send is ready for it
  std::atomic<bool> has_ended = false;
  std::thread watcher([&, send = ::pthread_self()] { ask_to_end(run, send, has_ended); });
  send::send_mail({.environment = run.environment,
                   .clock = clock,
                   .home = run.home.string(),
                   .connections = {.log = log.get(),
                                   .local_requests = local.to.write.get(),
                                   .local_reports = local.from.read.get(),
                                   .remote_requests = remote.to.write.get(),
                                   .remote_reports = remote.from.read.get(),
                                   .clean_requests = clean.to.write.get(),
                                   .clean_answers = clean.from.read.get()}});
  has_ended = true;
  for (Line* line : {&local, &remote, &clean}) line->to.write.close();
  for (std::thread* thread : {&local_spawner, &remote_spawner, &cleaner, &watcher}) thread->join();
  const timespec at_once{};
  while (::sigtimedwait(&term, nullptr, &at_once) > 0) {  // it may have come too late for this one
  }
  std::string text(1 << 16, '\0');
  const ssize_t got = ::pread(log.get(), text.data(), text.size(), 0);
  return text.substr(0, got < 0 ? 0 : static_cast<std::size_t>(got));
}

}  // namespace qmail::test
