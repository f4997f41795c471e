// What the crash tests of the queue share: putting one message into it, and what must hold afterwards.
#pragma once
#include <filesystem>
#include <set>
#include <string>
#include <sys/mman.h>

#include "core/programs/qmail-queue/qmail_queue.h"
#include "core/queue/state.h"
#include "tests/support/crash_driver.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_home.h"

namespace qmail::test {

inline const std::string message = "Subject: a crash\n\n" + std::string(70'000, 'x') + "\n";
inline const std::string envelope{"Fme@here.example\0Tyou@there.example\0Tthem@there.example\0\0", 57};

/// An open file that holds `bytes` and is not on the watched disk.
inline Fd file_with(const std::string& bytes) {
  Fd file(::memfd_create("input", MFD_CLOEXEC));
  // Not through the seam: this is no call of the program under test.
  if (::pwrite(file.get(), bytes.data(), bytes.size(), 0) < 0) throw Failure::system("write input");
  return file;
}

inline std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void prepare_home(const std::filesystem::path& home) {
  TempHome::make_queue(home / "queue");
  std::filesystem::create_directory(home / "users");
  std::ofstream ids(home / "users/ids");
  for (const char* user : {"alias", "qmaild", "qmaill", "qmailp", "qmailq", "qmailr", "qmails"})
    ids << user << ":4000000:4000000\n";
}

/// One run of qmail-queue.
inline int put_message(const std::filesystem::path& home, const std::string& envelope_read = envelope) {
  const Fd in = file_with(message);
  const Fd from = file_with(envelope_read);
  const FakeClock clock(1'795'337'104);
  queue::DescriptorSource source(in.get(), from.get());
  queue::queue_message(source,
                       {.home = home.string(), .clock = clock, .invoker = 1000, .qp = 4711, .pid = 4711});
  return 0;
}

inline std::set<queue::Number> every_number(const queue::Layout& queue) {
  std::set<queue::Number> numbers;
  for (const queue::Part part : queue::every_part)
    for (const std::string& folder : queue::folders_of(part))
      for (const queue::Number number : queue.numbers_in(folder)) numbers.insert(number);
  return numbers;
}

/// Anything wrong with message `number`, as put_message() made it: no legal state, or queued but not whole.
inline Problems problems_of(const std::filesystem::path& home, const queue::Layout& queue,
                            queue::Number number) {
  const auto state = classify(files_of(queue, number));
  if (!state) return {"message " + std::to_string(number) + " is in an illegal state"};
  if (*state != queue::State::queued) return {};
  Problems problems;
  const std::string mess = file_text(home / "queue" / name_of(queue::Part::mess, number));
  if (!mess.starts_with("Received: (qmail 4711 ") || !mess.ends_with(message))
    problems.push_back("the message is not whole");
  const std::string kept = std::string("u1000\0p4711\0", 12) + envelope.substr(0, envelope.size() - 1);
  if (file_text(home / "queue" / name_of(queue::Part::todo, number)) != kept)
    problems.push_back("the envelope is not whole");
  return problems;
}

/// How many messages are accepted as far as the queue goes.
inline std::size_t count_queued(const queue::Layout& queue) {
  std::size_t queued = 0;
  for (const queue::Number number : every_number(queue))
    if (classify(files_of(queue, number)) == queue::State::queued) ++queued;
  return queued;
}

/// The same for all messages; and an accepted one is there.
inline Problems queue_problems(const std::filesystem::path& home, const Ended& ended) {
  const queue::Layout queue = queue::Layout::open(Directory::open(home.string()));
  Problems problems;
  for (const queue::Number number : every_number(queue))
    for (const std::string& problem : problems_of(home, queue, number)) problems.push_back(problem);
  if (ended.exit_code == 0 && count_queued(queue) != 1) problems.push_back("an accepted message is lost");
  return problems;
}

inline const Scenario queueing{.prepare = prepare_home,
                               .run = [](const auto& home, Witness&) { return put_message(home); },
                               .problems = queue_problems};

}  // namespace qmail::test
