// The compiled rules of -x, mapped as long as they are what the file holds.
#pragma once
#include <optional>
#include <string>

#include "core/base/file_stamp.h"
#include "core/base/map.h"
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
  /// None if there are no rules.
  std::optional<CdbView> rules() const {
    return file_ ? std::optional(CdbView(file_->bytes())) : std::nullopt;
  }

 private:
  int map(const std::string& path);

  const ServerOptions& options_;
  std::optional<FileStamp> stamp_;
  std::optional<MappedFile> file_;
};

}  // namespace qmail::ucspi
