#include "core/programs/qmail-send/routing.h"

#include "core/format/address.h"

namespace qmail::send {
namespace {

constexpr std::string_view per_recipient_mark = "-@[]";

}  // namespace

std::string sender_for(std::string_view sender, std::string_view recipient) {
  const std::string_view list = bounce_address(sender);
  const AddressParts from = divide(list), to = divide(recipient);
  if (list.size() == sender.size() || !from.has_host || !to.has_host) return std::string(sender);
  std::string result(from.local);
  result.append(to.local).append("=").append(to.host).append("@").append(from.host);
  return result;
}

std::string_view bounce_address(std::string_view sender) {
  if (!sender.ends_with(per_recipient_mark)) return sender;
  return sender.substr(0, sender.size() - per_recipient_mark.size());
}

}  // namespace qmail::send
