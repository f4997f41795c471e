// What subscribers and the owner of a list are told. qlist(1).
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/programs/qlist/request.h"
#include "core/programs/qlist/settings.h"

namespace qmail::qlist {

/// The beginning of each of them.
struct Heading {
  std::string_view delivered_to;  ///< the line that finds loops, with its newline
  std::int64_t now;
  std::string id;  ///< with its angle brackets
};

/// The outcome of an order, in a sentence without a newline.
std::string acknowledgment(std::string_view address, Action action, bool was_there);

/// Asks the owner of an address whether it is he who wants this.
std::string question(const Settings& settings, const Heading& heading, const Request& request,
                     const Confirmation& wanted);
/// Tells how a confirmation ended.
std::string answer(const Settings& settings, const Heading& heading, std::string_view address,
                   std::string_view outcome);
/// The request itself with what became of its orders written into it: `outcomes` has a sentence for each.
std::string annotated(const Settings& settings, const Heading& heading, const Request& request,
                      std::span<const std::string> outcomes);

}  // namespace qmail::qlist
