// Whom and what a forwarding database leads to, from one recipient on. setforward(1), fastforward(1).
#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/format/cdb.h"

namespace qmail {

/// What is to be done with a message.
struct Forwarding {
  std::optional<std::string> owner;     ///< the sender, if it is to be another one
  std::vector<std::string> programs;    ///< each with the '|' or '!' in front, in the order in which they run
  std::vector<std::string> recipients;  ///< the first one found comes last
};

/// Follows a recipient through the database. Nothing is followed twice, so every loop ends.
class Expansion {
 public:
  /// `read_list` gives the bytes of a binary mailing list by its name, or throws Failure. Both must outlive
  /// this object.
  Expansion(const CdbView& database, const std::function<std::string(const std::string&)>& read_list)
      : database_(database), read_list_(read_list) {}

  /// None if the database has nothing for `recipient`. Throws Failure (temporary) beyond `most_bytes`.
  std::optional<Forwarding> expand(const std::string& recipient, bool may_have_owner);

  /// Of addresses and names of lists that one message leads to: what keeps a list that somebody else wrote
  /// from using up all memory.
  static constexpr std::size_t most_bytes = std::size_t{64} << 20;

 private:
  void obey(std::string_view commands, bool may_run_programs);
  void follow(const std::string& command);
  void follow_recipient(const std::string& address);

  const CdbView& database_;
  const std::function<std::string(const std::string&)>& read_list_;
  Forwarding found_;
  std::vector<std::string> ahead_;
  std::unordered_set<std::string> followed_;
  std::size_t bytes_ = 0;
};

}  // namespace qmail
