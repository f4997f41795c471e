// Bytes that must not stay in memory longer than they are needed: a password on its way to who checks it.
#pragma once
#include <span>
#include <string>
#include <string_view>

namespace qmail {

/// Overwrites what `text` holds, and empties it. Who gives it its room with reserve() before the secret comes
/// leaves no copy anywhere.
void wipe(std::string& text) noexcept;
void wipe(std::span<char> bytes) noexcept;

/// True if both are the same. It takes as long wherever they differ: the time must not tell how much of a
/// guess was right.
bool is_same_secret(std::string_view a, std::string_view b) noexcept;

}  // namespace qmail
