// Users and groups in the files of a Tree: adding, removing and putting back.
#pragma once
#include <optional>
#include <span>
#include <string>

#include "installer/transaction/system.h"
#include "installer/transaction/tree.h"

namespace qmail::transaction {

/// The files that hold lines of a user, of a group. They are changed in this order, and the last one decides
/// whether there is an account: until it is changed, a step that was cut off has not happened.
inline constexpr const char* user_files[] = {"/etc/shadow", "/etc/passwd"};
inline constexpr const char* group_files[] = {"/etc/gshadow", "/etc/group"};
using AccountFiles = std::span<const char* const>;

/// The deciding line of the account; empty if there is none.
std::string account_line(const Tree& tree, AccountFiles files, const std::string& name);
Saved save_account(const Tree& tree, AccountFiles files, const std::string& name);

/// Each does nothing if it is already so. On the running machine they run useradd(8) and groupadd(8), below
/// another root they edit the files. Throw Failure.
void add_group(const Tree& tree, const AddGroup& step);
void add_user(const Tree& tree, const AddUser& step);
void remove_account(const Tree& tree, AccountFiles files, const std::string& name);

/// Removes what was not there, puts back what was, leaves what somebody changed since and says so.
std::optional<std::string> undo_account(const Tree& tree, AccountFiles files, const std::string& name,
                                        const Saved& saved, const std::optional<std::string>& made);

}  // namespace qmail::transaction
