// What a message to a list's request address asks for, and for whom. qlist(1).
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/programs/qlist/confirmation.h"

namespace qmail::qlist {

struct Order {
  enum class Place { line, subject, nowhere };
  Action action;
  Place place;
  std::size_t end;  ///< of what stands before its acknowledgment, in the body
};

struct Request {
  std::string author;         ///< whom Reply-To names, or else From; empty: nobody, or nobody is to know
  std::string why_not;        ///< why nobody is to answer it; empty: somebody may
  std::string fields;         ///< the header, without what holds of the body as it was
  std::string trace;          ///< those of its fields that tell where it comes from
  std::string body;           ///< with the blank line before it
  std::vector<Order> orders;  ///< at least one: whoever says nothing wants to subscribe
  std::optional<Confirmation> confirmation;  ///< valid or not
};

/// `address` is the one that the message was sent to. Throws Failure (permanent) if nobody can tell whom it
/// is from.
Request read_request(std::string_view message, std::string_view address);

}  // namespace qmail::qlist
