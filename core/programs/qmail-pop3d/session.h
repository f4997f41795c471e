// The commands of a POP3 session in its transaction state. RFC 1939 section 5; qmail-pop3d(8).
#pragma once
#include <array>
#include <optional>
#include <string_view>

#include "core/pop3/connection.h"
#include "core/programs/qmail-pop3d/maildrop.h"

namespace qmail::pop3d {

class Session {
 public:
  /// `maildrop` must outlive it.
  Session(int in, int out, Maildrop& maildrop)
      : connection_(in, out, pop3::Connection::Reading::ahead), maildrop_(maildrop) {}
  /// Talks until the client quits, which changes the maildir, or is lost, which does not.
  void run();

 private:
  struct Command {
    std::string_view verb;
    void (Session::*run)(std::string_view arg);
  };
  using Column = std::string (Session::*)(std::size_t message) const;
  static const std::array<Command, 11> commands;

  void answer(const pop3::Request& request);
  void stat(std::string_view arg);
  void list(std::string_view arg);
  void uidl(std::string_view arg);
  void retr(std::string_view arg);
  void dele(std::string_view arg);
  void rset(std::string_view arg);
  void last(std::string_view arg);
  void capa(std::string_view arg);
  void noop(std::string_view arg);
  void quit(std::string_view arg);

  /// Takes the number of a message off the front of `arg`. None: the client has been told what is wrong with
  /// it.
  std::optional<std::size_t> take_message(std::string_view& arg);
  void tell_of(std::string_view arg, Column column);
  std::string line_of(std::size_t message, Column column) const;
  std::string size_column(std::size_t message) const { return std::to_string(maildrop_.bytes_of(message)); }
  std::string id_column(std::size_t message) const { return maildrop_.id_of(message); }
  void send(const Fd& file, std::optional<std::uint64_t> body_lines);

  pop3::Connection connection_;
  Maildrop& maildrop_;
  std::size_t last_ = 0;  ///< highest number that was deleted, as clients count
  bool is_over_ = false;
};

}  // namespace qmail::pop3d
