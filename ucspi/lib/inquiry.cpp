#include "ucspi/lib/inquiry.h"

#include "core/base/failure.h"
#include "core/base/text.h"
#include "ucspi/lib/ident.h"

namespace qmail::ucspi {
namespace {

/// What getsockname(2) or getpeername(2), which is `ask`, says.
Endpoint find_end(int socket, int (*ask)(int, sockaddr*, socklen_t*), const char* attempt) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (ask(socket, reinterpret_cast<sockaddr*>(&storage), &size) < 0) throw Failure::system(attempt);
  const auto found = endpoint_of(storage);
  if (!found) throw Failure::system(attempt, EAFNOSUPPORT);
  return *found;
}

std::string host_name(const Ip& ip, const Inquiry& inquiry, dns::Resolver& resolver) {
  const auto names = resolver.names(ip);
  if (names.status == dns::Status::try_again) return inquiry.unanswered;
  return names.records.empty() ? "" : lower(names.records.front());
}

}  // namespace

Ends find_ends(int socket) {
  return {.local = find_end(socket, ::getsockname, "get local address"),
          .remote = find_end(socket, ::getpeername, "get remote address")};
}

Peer inquire(const Ends& ends, const Inquiry& inquiry, dns::Resolver& resolver, const Clock& clock) {
  Peer peer;
  peer.local_ip = ends.local.ip.text();
  peer.local_port = std::to_string(ends.local.port);
  peer.local_host = inquiry.local_host ? *inquiry.local_host : host_name(ends.local.ip, inquiry, resolver);
  peer.remote_ip = ends.remote.ip.text();
  peer.remote_port = std::to_string(ends.remote.port);
  if (inquiry.find_remote_host) peer.remote_host = host_name(ends.remote.ip, inquiry, resolver);
  if (inquiry.info_seconds)
    peer.remote_info = ask_ident(ends.local, ends.remote, *inquiry.info_seconds, clock).value_or("");
  return peer;
}

}  // namespace qmail::ucspi
