// The recipients that deliveries would find: locals, virtualdomains, users/assign, the system's users, and
// .qmail files, those of aliases, lists and virtual users among them.
#pragma once
#include <string_view>

#include "core/base/fd.h"
#include "core/queue/routing.h"
#include "core/users/user_record.h"

namespace qmail::features {

class SystemRecipients {
 public:
  enum class Says {
    valid,
    invalid,    ///< it would bounce
    hidden,     ///< whether it would, only its user can see
    elsewhere,  ///< it is delivered by another host
    later,      ///< it cannot be told now
  };

  explicit SystemRecipients(queue::Routing routing) : routing_(std::move(routing)) {}

  Says of(const Directory& home, std::string_view recipient) const;

 private:
  queue::Routing routing_;
};

/// What follows for an address of which qmail-lspawn would say that it is this user's.
SystemRecipients::Says mailbox_of(const users::UserRecord& user);

}  // namespace qmail::features
