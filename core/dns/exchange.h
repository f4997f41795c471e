// One question to one name server and its answer, over UDP and, where that is too small, TCP.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/fd.h"
#include "core/format/dns_message.h"
#include "core/format/socket_address.h"

namespace qmail::dns {

/// Takes its steps without waiting: whoever has it waits for fd(), and gives up when it takes too long.
/// Each question has a fresh random id and, from the kernel, a random source port; replies that are not to it
/// are passed over. A server that cannot read EDNS is asked again without it.
class Exchange {
 public:
  Exchange(const Endpoint& server, std::string name, Type type);

  bool is_over() const { return stage_ == Stage::over; }
  /// What to wait for while it is not over.
  int fd() const { return fd_.get(); }
  short events() const;
  /// fd() is ready, or may be.
  void proceed();
  /// Of an exchange that is over; none if the server cannot be reached or answers with rubbish.
  const std::optional<Message>& answer() const { return answer_; }

 private:
  enum class Stage { datagram, sending, receiving, over };

  void start(bool edns);
  void start_tcp();
  bool connect(int kind);
  void receive_datagram();
  void send_query();
  void receive_stream();
  void take(std::string_view reply, bool over_udp);
  void finish(std::optional<Message> answer = std::nullopt);

  Endpoint server_;
  std::string name_;
  Type type_;
  bool edns_ = true;
  Stage stage_ = Stage::over;
  Fd fd_;
  std::string query_;
  std::string out_;  ///< over TCP: what is still to be sent
  std::string in_;   ///< over TCP: what came so far
  std::optional<Message> answer_;
};

}  // namespace qmail::dns
