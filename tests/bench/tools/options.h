// "--name value" and "--name" arguments of the tools, and what is left of them.
#pragma once
#include <cstdlib>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace bench {

class Options {
 public:
  /// Takes options off the front, up to "--" or the first argument without dashes. `flags` have no value.
  Options(int argc, char** argv, const std::set<std::string>& flags = {}) {
    int at = 1;
    for (; at < argc && std::string(argv[at]).starts_with("--"); ++at) {
      const std::string name = std::string(argv[at]).substr(2);
      if (name.empty()) {
        ++at;
        break;
      }
      if (flags.contains(name))
        values_[name];
      else if (++at < argc)
        values_[name] = argv[at];
      else
        throw std::runtime_error(std::string("--").append(name).append(" needs a value"));
    }
    rest_.assign(argv + at, argv + argc);
  }
  bool has(const std::string& name) const { return values_.contains(name); }
  std::string text(const std::string& name, const std::string& otherwise) const {
    const auto found = values_.find(name);
    return found == values_.end() ? otherwise : found->second;
  }
  long number(const std::string& name, long otherwise) const {
    return has(name) ? std::strtol(values_.at(name).c_str(), nullptr, 10) : otherwise;
  }
  const std::vector<std::string>& rest() const { return rest_; }

 private:
  std::map<std::string, std::string> values_;
  std::vector<std::string> rest_;
};

}  // namespace bench
