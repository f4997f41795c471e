// For whom qmail-local delivers, and what follows from that alone: the lines put in front of the message and
// the variables its commands see. qmail-local(8), qmail-command(8).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/environment.h"

namespace qmail::local {

struct Recipient {
  std::string user;
  std::string home;
  std::string local;
  std::string dash;
  std::string ext;
  std::string domain;
  std::string sender;
  std::string default_delivery;  ///< what an empty .qmail, or none for the user's own address, stands for

  std::string address() const { return local + "@" + domain; }
};

struct Arguments {
  Recipient recipient;
  bool is_rehearsal = false;  ///< -n: say what would be done
};
/// Throws UsageError.
Arguments parse_arguments(const std::vector<std::string>& args);

/// The lines in front of a delivered message, each with its newline.
struct HeadLines {
  std::string from;          ///< "From sender date", for mboxes
  std::string return_path;   ///< "Return-Path: <sender>"
  std::string delivered_to;  ///< "Delivered-To: recipient"
};
HeadLines head_lines(const Recipient& recipient, std::int64_t now);

/// Adds the variables that are known before the .qmail file is: all but DEFAULT and NEWSENDER.
void describe(const Recipient& recipient, const HeadLines& lines, Environment& environment);

}  // namespace qmail::local
