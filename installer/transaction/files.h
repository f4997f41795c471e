// Changes to the files of a Tree, each durable when it returns. All throw Failure.
#pragma once
#include <string>
#include <string_view>

#include "installer/transaction/tree.h"

namespace qmail::transaction {

struct Attributes {
  uid_t uid = 0;
  gid_t gid = 0;
  mode_t mode = 0;
};

/// Replaces `path` at once; a reader sees the old file or the new one.
void put_file(const Tree& tree, const std::string& path, std::string_view bytes,
              const Attributes& attributes);
/// Replaces `path`, unless it already is that link.
void put_link(const Tree& tree, const std::string& path, const std::string& target);
/// Makes it unless there is one.
void put_directory(const Tree& tree, const std::string& path, const Attributes& attributes);
void put_fifo(const Tree& tree, const std::string& path, const Attributes& attributes);
void put_attributes(const Tree& tree, const std::string& path, const Attributes& attributes);
/// Every directory of `path` that is missing, root's, 0755, but the last with `mode`.
void make_directories(const Tree& tree, const std::string& path, mode_t mode);
/// False if it is a directory that is not empty; true also if there was nothing.
bool remove(const Tree& tree, const std::string& path);
/// What put_file() or put_link() left of `path` when it was cut off.
void remove_leftover(const Tree& tree, const std::string& path);
/// `from` and `to` lie in the same directory.
void rename(const Tree& tree, const std::string& from, const std::string& to);

/// Type, owner, mode and content of `path` as one text; empty if there is nothing.
std::string fingerprint(const Tree& tree, const std::string& path);
/// True if `now` can be what a change of owner and mode from `one` to `other` leaves when it is cut off.
bool is_between(const std::string& now, const std::string& one, const std::string& other);

}  // namespace qmail::transaction
