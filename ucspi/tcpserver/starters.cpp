#include "ucspi/tcpserver/starters.h"

#include <algorithm>
#include <cerrno>
#include <unistd.h>

namespace qmail::ucspi {
namespace {

constexpr long most_starters = 8;

}  // namespace

Starters::Starters(Watch& watch, const FileLimit& files)
    : watch_(watch),
      files_(files),
      most_(static_cast<std::size_t>(std::clamp(::sysconf(_SC_NPROCESSORS_ONLN), 1L, most_starters))) {}

bool Starters::start(Visit& visit) {
  Starting* const starting = find();
  if (starting == nullptr || !starting->starter.ask(visit.job())) return false;
  starting->visits.push_back(std::move(visit));
  return true;
}

/// The one with the least to do; a new one while all have something to do and there may be more.
Starters::Starting* Starters::find() {
  const auto least = [this] {
    return std::min_element(starters_.begin(), starters_.end(), [](const auto& one, const auto& other) {
      return one.second.visits.size() < other.second.visits.size();
    });
  };
  auto found = least();
  const bool is_busy = found == starters_.end() || !found->second.visits.empty();
  if (is_busy && starters_.size() < most_ && hire()) found = least();
  return found == starters_.end() ? nullptr : &found->second;
}

bool Starters::hire() {
  auto starter = Starter::make();
  if (!starter) return false;
  processes_.insert(starter->pid());
  files_.give_first_to(starter->pid());
  const int fd = starter->fd();
  if (!watch_.add(fd)) return false;
  starters_.emplace(fd, Starting{.starter = std::move(*starter), .visits = {}});
  return true;
}

std::vector<std::pair<Visit, Started>> Starters::take(int fd) {
  Starting& starting = starters_.at(fd);
  std::vector<std::pair<Visit, Started>> over;
  const auto finish = [&](const Started& started) {
    over.emplace_back(std::move(starting.visits.front()), started);
    starting.visits.pop_front();
  };
  while (const auto started = starting.starter.take()) finish(*started);
  if (!starting.starter.is_lost()) return over;
  // Whether it has started them or not nobody knows any more.
  while (!starting.visits.empty()) finish({0, ECHILD});
  starters_.erase(fd);
  return over;
}

bool Starters::is_idle() const {
  return std::all_of(starters_.begin(), starters_.end(),
                     [](const auto& entry) { return entry.second.visits.empty(); });
}

}  // namespace qmail::ucspi
