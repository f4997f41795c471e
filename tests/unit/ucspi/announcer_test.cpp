#include "ucspi/tcpserver/announcer.h"

#include <gtest/gtest.h>

namespace qmail::ucspi {
namespace {

TEST(Announcer, LinesAreThoseOfUcspiTcp) {
  EXPECT_EQ(status_line(3, 40), "tcpserver: status: 3/40\n");
  EXPECT_EQ(pid_line(7, "192.0.2.1"), "tcpserver: pid 7 from 192.0.2.1\n");
  EXPECT_EQ(end_line(7, 25600), "tcpserver: end 7 status 25600\n");
  Peer peer;
  peer.local_host = "mx.example";
  peer.local_ip = "192.0.2.9";
  peer.local_port = "25";
  peer.remote_ip = "192.0.2.1";
  peer.remote_port = "4711";
  EXPECT_EQ(verdict_line(false, 7, peer), "tcpserver: ok 7 mx.example:192.0.2.9:25 :192.0.2.1::4711\n");
  peer.remote_host = "c.example";
  peer.remote_info = "joe";
  EXPECT_EQ(verdict_line(true, 7, peer),
            "tcpserver: deny 7 mx.example:192.0.2.9:25 c.example:192.0.2.1:joe:4711\n");
  EXPECT_EQ(limit_line(peer, {"MAXCONNIP", "3"}),
            "tcpserver: deny 0 mx.example:192.0.2.9:25 c.example:192.0.2.1:joe:4711 MAXCONNIP:3\n");
}

TEST(Announcer, WhatOthersChoseIsMadeSafeAndCut) {
  Peer peer;
  peer.local_ip = peer.remote_ip = "2001:db8::1";
  peer.remote_info = "a b:%\x80" + std::string(120, 'x');
  EXPECT_EQ(verdict_line(false, 1, peer),
            "tcpserver: ok 1 :[2001:db8::1]: :[2001:db8::1]:a?b???" + std::string(94, 'x') + "...:\n");
}

}  // namespace
}  // namespace qmail::ucspi
