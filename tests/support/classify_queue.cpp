// classify-queue HOME: the state of every message in HOME/queue, a line each: "457 S4". Exit 1 if one is in
// no legal state. For tests that stop real programs.
#include <iostream>
#include <set>

#include "core/base/fd.h"
#include "core/queue/state.h"

int main(int argc, char** argv) {
  using namespace qmail;
  if (argc != 2) return 2;
  const auto queue = queue::Layout::open(Directory::open(argv[1]));
  std::set<queue::Number> numbers;
  for (const queue::Part part : queue::every_part)
    for (const std::string& folder : queue::folders_of(part))
      for (const queue::Number number : queue.numbers_in(folder)) numbers.insert(number);
  bool all_legal = true;
  for (const queue::Number number : numbers) {
    const auto state = classify(files_of(queue, number));
    std::cout << number << ' ' << (state ? "S" + std::to_string(static_cast<int>(*state)) : "illegal")
              << '\n';
    all_legal = all_legal && state;
  }
  return all_legal ? 0 : 1;
}
