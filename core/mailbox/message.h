// A message on its way into a mailbox.
#pragma once
#include <functional>
#include <string_view>

namespace qmail::mailbox {

struct Message {
  int fd;                           ///< a file, read from its beginning
  std::string_view from_line = {};  ///< the From_ line of an mbox, with its newline
  std::string_view head = {};       ///< put in front: Return-Path and Delivered-To, with their newlines
};

/// Throws Failure, in the words of qmail-local(8), if the file has no beginning to go back to.
void rewind(const Message& message);

/// Calls `use` with the bytes of the file piece by piece, from its beginning, until it returns false.
/// Returns 0 or the errno of a read that failed. Throws Failure as rewind() does.
int read_message(const Message& message, const std::function<bool(std::string_view)>& use);

}  // namespace qmail::mailbox
