#include <gtest/gtest.h>

#include "core/base/text.h"
#include "core/format/cdb.h"
#include "installer/plan/settings.h"
#include "ucspi/lib/rule_line.h"

namespace qmail::plan {
namespace {

TEST(FirstRules, AreCompiledAsTcprulesWould) {
  CdbBuilder builder;
  const std::string rules = first_rules();
  for (const std::string_view line : split(rules, '\n')) {
    if (line.empty()) continue;
    const auto records = ucspi::parse_rule_line(line);
    ASSERT_TRUE(records) << line;
    for (const std::string& key : records->keys) EXPECT_TRUE(builder.add(key, records->data));
  }
  EXPECT_EQ(compiled_first_rules(), builder.finish());
}

}  // namespace
}  // namespace qmail::plan
