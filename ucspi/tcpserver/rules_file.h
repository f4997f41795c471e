// The compiled rules of -x, kept as long as they are what the file holds.
#pragma once
#include <optional>
#include <string>

#include "core/base/file_stamp.h"
#include "core/format/cdb.h"
#include "ucspi/tcpserver/server_options.h"

namespace qmail::ucspi {

class RulesFile {
 public:
  /// `options` must outlive this object.
  explicit RulesFile(const ServerOptions& options) : options_(options) {}

  /// Looks at the file again: new rules count from this connection on. 0, or the errno that keeps the
  /// connection out.
  int refresh();
  /// So that the next refresh() reads the file whatever it looks like.
  void forget() { stamp_.reset(); }
  /// None if there are no rules.
  std::optional<CdbView> rules() const { return bytes_ ? std::optional(CdbView(*bytes_)) : std::nullopt; }

 private:
  int read(const std::string& path);

  const ServerOptions& options_;
  std::optional<FileStamp> stamp_;
  /// A copy: who cuts a mapped file short in place of replacing it ends those that look at it.
  std::optional<std::string> bytes_;
};

}  // namespace qmail::ucspi
