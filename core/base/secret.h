// Bytes that must not stay in memory longer than they are needed: a password on its way to who checks it.
#pragma once
#include <string>

namespace qmail {

/// Overwrites what `text` holds, and empties it. Who gives it its room with reserve() before the secret comes
/// leaves no copy anywhere.
void wipe(std::string& text) noexcept;

}  // namespace qmail
