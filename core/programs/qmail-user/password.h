// Asking for a new password. It is in no argument and in no message.
#pragma once
#include <string>

namespace qmail::user {

/// On a terminal it is asked for twice, without an echo; otherwise it is the first line of `in`, of which no
/// byte more is read. Whoever calls wipes it. Throws Failure if there is none, or the two differ.
std::string ask_password(int in, int err, const std::string& login);

}  // namespace qmail::user
