// A feature reads the control files that its feature.json names, and no others.
#include <algorithm>
#include <gtest/gtest.h>

#include "core/base/failure.h"
#include "tests/features/described_features.h"
#include "tests/support/temp_home.h"

namespace qmail::test {
namespace {

/// Those that it asked for and does not name.
std::vector<std::string> unnamed(const DescribedFeature& feature, const TempHome& home) {
  const Control control(home.open().sub("control"));
  try {
    feature.configure(control);
  } catch (const Failure&) {
    // What is written there may be nothing that it takes: by then it has asked for it.
  }
  std::vector<std::string> found;
  for (const Control::Asked& asked : control.asked())
    if (std::find(feature.control_files.begin(), feature.control_files.end(), asked.name) ==
        feature.control_files.end())
      found.push_back(feature.name + " reads control/" + asked.name);
  return found;
}

using Strings = std::vector<std::string>;

TEST(Features, ReadNoControlFileThatTheyDoNotName) {
  for (const DescribedFeature& feature : described_features()) {
    const TempHome home;
    home.write("control/none", "");
    EXPECT_EQ(unnamed(feature, home), Strings{});
    for (const char* content : {"1\n", "me.example.org\n", ""}) {
      for (const std::string& name : feature.control_files) home.write("control/" + name, content);
      EXPECT_EQ(unnamed(feature, home), Strings{});
    }
  }
}

}  // namespace
}  // namespace qmail::test
