// Every feature, as its feature.json describes it. The list is written by CMake.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "core/control/control.h"

namespace qmail::test {

struct DescribedFeature {
  std::string name;
  std::vector<std::string> control_files;
  std::function<void(const Control&)> configure;
};

std::vector<DescribedFeature> described_features();

}  // namespace qmail::test
