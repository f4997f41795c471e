#include "core/programs/qmail-send/loading.h"

namespace qmail::send {
namespace {

/// Each is four questions to the disk: a round remains short even where none of the answers is in memory.
constexpr int most_a_round = 64;

}  // namespace

void Loading::prepare(PollSet& set) const {
  if (desk_.is_loading && !desk_.exit_asap) set.at_once();
}

void Loading::act() {
  for (int looked = 0; looked < most_a_round && desk_.is_loading && !desk_.exit_asap; ++looked) {
    if (const auto number = scan_.next())
      desk_.add_stored(*number);
    else if (scan_.unreadable())
      return desk_.sleep_after(log::alert_opendir(*scan_.unreadable()));
    else
      desk_.end_loading();
  }
}

}  // namespace qmail::send
