#include "core/queue/children.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <sys/wait.h>

#include "core/base/signals.h"

namespace qmail::queue {
namespace {

constexpr std::size_t block_size = 4096;

}  // namespace

void Output::act(const PollSet& set) {
  if (!set.is_ready(polled_)) return;
  std::array<char, block_size> block;
  const ssize_t got = ::read(read_.get(), block.data(), block.size());
  if (got == 0) read_.close();
  if (got <= 0) return;
  const std::size_t room = limit_ - text_.size();
  text_.append(block.data(), std::min(room, static_cast<std::size_t>(got)));
}

std::optional<std::string> Children::add(Slot slot, const Start& start) {
  auto output = Pipe::try_make();
  if (!output) return "Zqmail-spawn unable to create pipe. (#4.3.0)\n";
  auto started = start(output->write.get());
  if (auto* refusal = std::get_if<std::string>(&started)) return std::move(*refusal);
  running_.insert_or_assign(
      slot, Child{.pid = std::get<pid_t>(started), .output = {std::move(output->read), longest_output_}});
  return std::nullopt;
}

void Children::prepare(PollSet& set) {
  for (auto& [slot, child] : running_) child.output.prepare(set);
}

std::vector<Ended> Children::act(const PollSet& set) {
  reap();
  std::vector<Ended> ended;
  for (auto& [slot, child] : running_) {
    child.output.act(set);
    if (child.output.has_ended() && child.status)
      ended.push_back({.slot = slot, .status = *child.status, .output = child.output.text()});
  }
  for (const Ended& over : ended) running_.erase(over.slot);
  return ended;
}

void Children::reap() {
  if (!signals::take(SIGCHLD)) return;
  int status = 0;
  for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;)
    for (auto& [slot, child] : running_)
      if (child.pid == pid && !child.status) child.status = status;
}

}  // namespace qmail::queue
