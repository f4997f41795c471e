// What features are shown of a message on its way from the client to the queue, and may change of it. Without
// a feature that asks for that it goes straight on.
#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/spool.h"
#include "core/queue/client.h"
#include "core/smtp/server_hook.h"

namespace qmail::smtpd {

/// A longer header is refused, if any feature wants to see it.
inline constexpr std::size_t longest_header = std::size_t{256} << 10;

class MessageStream {
 public:
  /// Both must outlive this object.
  MessageStream(std::span<const std::unique_ptr<Feature>> features, queue::Client& queue);

  /// The next part of the message, with newlines as line ends.
  void put(std::string_view bytes);
  /// That was all of it: on return of no opinion the queue has all of it too.
  Verdict finish();

 private:
  enum class Stage { header, held, passed, refused };

  void take_header(std::string_view bytes);
  void end_header(std::size_t end);
  void put_body(std::string_view bytes);
  void refuse(Reply reply);
  void put_header();
  void release();

  queue::Client& queue_;
  std::vector<Feature*> all_, whole_;  ///< interested in the header, and in everything
  Stage stage_;
  std::string text_;         ///< of the header, as far as it has come
  std::size_t line_at_ = 0;  ///< where in it the line begins that is not complete yet
  HeaderFields fields_, before_;
  bool has_blank_line_ = false;
  Spool spool_;
  Verdict refusal_;
};

}  // namespace qmail::smtpd
