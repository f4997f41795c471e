#include "patches-integrated/submission/completed_header.h"

#include <gtest/gtest.h>

namespace qmail::features {
namespace {

smtpd::HeaderFields completed(smtpd::HeaderFields fields) {
  const HeaderDefaults defaults{header::Completion("mx.example.org", "example.org", "example.org"),
                                "id.example"};
  complete_header(fields, defaults, 1795337285, "7");
  return fields;
}

const smtpd::HeaderFields whole{"Date: x\n", "message-id: <x@y>\n"};

smtpd::HeaderFields with(const std::string& field) { return {whole[0], whole[1], field}; }

TEST(CompletedHeader, HasADateAndAMessageId) {
  EXPECT_EQ(completed({"Subject: hi\n"}),
            (smtpd::HeaderFields{"Date: 22 Nov 2026 08:48:05 -0000\n",
                                 "Message-ID: <20261122084805.7.qmail@id.example>\n", "Subject: hi\n"}));
  EXPECT_EQ(completed(whole), whole);
  // Those of a message that is sent on are not its own.
  EXPECT_EQ(completed({"Resent-Date: x\n", "Resent-Message-ID: <x>\n"}).size(), 4U);
}

TEST(CompletedHeader, AddressesThatLackAHostGetOne) {
  EXPECT_EQ(completed(with("From: joe\n")), with("From: joe@mx.example.org\n"));
  EXPECT_EQ(completed(with("To: Joe <joe@mail>, ann\n")),
            with("To: Joe <joe@mail.example.org>, ann@mx.example.org\n"));
  for (const char* const name : {"Sender", "Reply-To", "Cc", "Bcc", "Resent-To", "Resent-From"})
    EXPECT_EQ(completed(with(std::string(name) + ": joe\n")),
              with(std::string(name) + ": joe@mx.example.org\n"));
}

TEST(CompletedHeader, WhatIsCompleteOrNoAddressStaysAsItIs) {
  for (const char* const field :
       {"From: \"Joe  Q\"   <joe@b.example>  (him)\n", "To: undisclosed-recipients:;\n",
        "To: joe@b.example,\n\tann@b.example\n", "From: (unbalanced\n", "To: )\n", "Subject: joe\n",
        "X-To: joe\n", "Return-Path: <>\n", "Cc:\n"})
    EXPECT_EQ(completed(with(field)), with(field)) << field;
}

}  // namespace
}  // namespace qmail::features
