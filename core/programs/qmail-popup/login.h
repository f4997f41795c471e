// The dialogue before it is known whose session it is: USER and PASS, or APOP; STLS. RFC 1939 section 4, RFC
// 2595 section 4; qmail-popup(8).
#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/program.h"
#include "core/pop3/connection.h"

namespace qmail::popup {

class Login {
 public:
  /// `self`, whose first argument is not for us and whose others are the program to run, must outlive it.
  /// `timestamp` is what the greeting shows: a client that uses APOP proves to know a secret with it.
  Login(const Process& self, std::string timestamp);
  /// Greets, talks until the client has told who it is and the program for that has ended, or until it quits
  /// or is lost.
  void run();

 private:
  struct Command {
    std::string_view verb;
    void (Login::*run)(std::string_view arg);
  };
  static const std::array<Command, 7> commands;

  void answer(const pop3::Request& request);
  void user(std::string_view arg);
  void pass(std::string_view arg);
  void apop(std::string_view arg);
  void capa(std::string_view arg);
  void stls(std::string_view arg);
  void noop(std::string_view arg);
  void quit(std::string_view arg);

  bool can_start_tls() const;
  void start_tls();
  /// The program gets the connection, and this is the end.
  void hand_over(std::string_view user, std::string_view password);

  const Process& self_;
  const std::string timestamp_;
  Environment environment_;
  Fd secured_;  ///< the connection, once it is behind TLS
  std::optional<pop3::Connection> connection_;
  std::optional<std::string> user_;
  bool is_over_ = false;
};

}  // namespace qmail::popup
