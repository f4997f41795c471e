// spawn MARGIN-MICROSECONDS EMPTY FOLDER PROGRAM...: starts each program with --help, interleaved with EMPTY,
// and prints the median time from spawn to end as "name value unit". Ends with 1 if a program's median
// exceeds EMPTY's by more than the margin: that is a start-up somebody made dearer (a shared library,
// iostream, a big table).
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <iostream>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

constexpr int rounds = 300;

double start_once(const std::string& program) {
  std::string help = "--help";
  std::string name = program;
  char* const argv[] = {name.data(), help.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  const auto begin = std::chrono::steady_clock::now();
  pid_t child = -1;
  if (posix_spawn(&child, program.c_str(), &actions, nullptr, argv, environ) != 0) {
    std::cerr << "unable to start " << program << "\n";
    std::exit(2);
  }
  waitpid(child, nullptr, 0);
  posix_spawn_file_actions_destroy(&actions);
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double>& times) {
  std::nth_element(times.begin(), times.begin() + rounds / 2, times.end());
  return times[rounds / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  const double margin = std::atof(argv[1]);
  std::vector<std::string> programs{argv[2]};
  for (int i = 4; i < argc; ++i) programs.push_back(std::string(argv[3]) + "/" + argv[i]);
  std::vector<std::vector<double>> times(programs.size());
  for (int round = 0; round < rounds; ++round)
    for (std::size_t i = 0; i < programs.size(); ++i) times[i].push_back(start_once(programs[i]));
  const double floor = median(times[0]);
  std::cout << "start.empty " << floor << " us\n";
  bool dear = false;
  for (std::size_t i = 1; i < programs.size(); ++i) {
    const double over = median(times[i]) - floor;
    std::cout << "start." << argv[i + 3] << " " << over << " us over the empty program\n";
    dear = dear || over > margin;
  }
  return dear ? 1 : 0;
}
