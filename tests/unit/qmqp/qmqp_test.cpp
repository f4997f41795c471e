#include <gtest/gtest.h>

#include "core/base/failure.h"
#include "core/programs/qmail-qmqpc/qmail_qmqpc.h"

namespace qmail {
namespace {

using namespace std::string_literals;

TEST(QmqpEnvelope, TurnsRecordsIntoNetstrings) {
  EXPECT_EQ(qmqp_envelope("Fs@x\0Ta@y\0Tb\0\0"s), "3:s@x,3:a@y,1:b,");
  EXPECT_EQ(qmqp_envelope("F\0\0"s), "0:,");
  EXPECT_EQ(qmqp_envelope("F\0T\0\0behind"s), "0:,0:,");
}

TEST(QmqpEnvelope, RefusesWhatIsNone) {
  for (const std::string& text :
       {""s, "Fs"s, "Fs\0"s, "Fs\0Ta"s, "Ta\0\0"s, "\0"s, "Fs\0Fa\0\0"s, "Xs\0\0"s}) {
    try {
      qmqp_envelope(text);
      ADD_FAILURE() << text;
    } catch (const Failure& failure) {
      EXPECT_EQ(static_cast<int>(failure.code()), 91);
    }
  }
}

}  // namespace
}  // namespace qmail
