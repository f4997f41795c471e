// Runs a fuzz target over every file of a corpus folder, and over each file cut at every length and with
// single bytes changed: no libFuzzer needed, the same inputs every time.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

namespace {

constexpr std::size_t longest_worked_seed = 2048;

void feed(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

void feed_with_damage(const std::string& seed) {
  feed(seed);
  if (seed.size() > longest_worked_seed) return;
  for (std::size_t length = 0; length < seed.size(); ++length) feed(seed.substr(0, length));
  for (std::size_t at = 0; at < seed.size(); ++at) {
    for (const char change : {'\0', '\xff', '\n', '"', '\\'}) {
      std::string damaged = seed;
      damaged[at] = change;
      feed(damaged);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t seeds = 0;
  feed("");
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      std::ifstream file(entry.path(), std::ios::binary);
      feed_with_damage({std::istreambuf_iterator<char>(file), {}});
      ++seeds;
    }
  }
  std::cout << seeds << " seeds replayed\n";
  return seeds == 0 ? 1 : 0;
}
