// The two ways in which a message of QMTP may end its lines. https://cr.yp.to/proto/qmtp.txt
#pragma once
#include <string>
#include <string_view>

namespace qmail::qmtp {

/// Turns CR LF into LF in a text that comes in pieces. A CR alone stays.
class LineEnds {
 public:
  /// What `piece` says for sure; a CR at its end waits for the next one.
  std::string decode(std::string_view piece);
  /// What still waited when the text ended.
  std::string end() const { return is_behind_cr_ ? "\r" : ""; }

 private:
  bool is_behind_cr_ = false;
};

}  // namespace qmail::qmtp
