#include "core/format/origin_fields.h"

#include <gtest/gtest.h>

namespace qmail::header {
namespace {

constexpr std::int64_t moment = 1795252747;  // 21 Nov 2026 09:19:07

TEST(OriginFields, AreDatedInUtc) { EXPECT_EQ(date_field(moment), "Date: 21 Nov 2026 09:19:07 -0000\n"); }

TEST(OriginFields, MakeAMessageIdOfTimeSomethingUniqueAndHost) {
  EXPECT_EQ(message_id_field(moment, "4711", "id.example"),
            "Message-ID: <20261121091907.4711.qmail@id.example>\n");
}

}  // namespace
}  // namespace qmail::header
