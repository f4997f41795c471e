// One try to log in, from the question to the answer.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/accounts/auth_packets.h"
#include "core/accounts/check_run.h"
#include "core/accounts/claim.h"
#include "core/base/fd.h"
#include "core/programs/qmail-authd/limits.h"

namespace qmail::authd {

struct Try {
  enum class Stage {
    comes,   ///< its question has not come yet
    waits,   ///< for a checker to become free
    runs,    ///< its checker does
    fails,   ///< it is wrong, and is told later
    is_over  ///< it has its answer
  };

  Try(Fd from, std::int64_t until) : asker(std::move(from)), due(until) {}

  /// Starts the checker with what is claimed, which is forgotten. False, with errno set, if it cannot be
  /// started.
  bool start(const std::vector<std::string>& checker, accounts::Premises premises);
  /// Its checker has ended.
  accounts::Finding finish(int status);
  /// Whoever asked may be gone; then nobody waits for it.
  void answer(const accounts::AuthAnswer& answer);

  std::string from() const { return address ? address->text() : "an unknown address"; }

  Fd asker;
  Stage stage = Stage::comes;
  std::int64_t due;  ///< the stage's end, in milliseconds
  std::optional<Ip> address = std::nullopt;
  std::string login = {};    ///< as a log may have it
  std::string account = {};  ///< as it is counted
  accounts::Claim claim;
  bool wants_salt = false;
  std::optional<accounts::CheckRun> checker = std::nullopt;
  bool is_too_slow = false;  ///< the checker was ended for it
  std::optional<Crowd<Ip>::Place> place_of_address = std::nullopt;
  std::optional<Crowd<std::string>::Place> place_of_account = std::nullopt;
};

}  // namespace qmail::authd
