// The recipients that the lists name: control/validrcptto, validrcptto.cdb and morevalidrcptto.cdb.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/map.h"
#include "core/control/control.h"
#include "core/control/lookup.h"
#include "core/format/pattern_list.h"

namespace qmail::features {

class RecipientList {
 public:
  enum class Says { nothing, valid, invalid };

  /// None if none of the files exists. Throws Failure, also for a cdb that is cut short: nothing can be told
  /// from it.
  static std::optional<RecipientList> read(const Control& control);

  /// An address that is named comes before its domain, and a line that accepts before one that refuses.
  Says of(std::string_view address) const;
  /// All lines make sense. Otherwise nobody knows what they were to name.
  bool is_right() const { return is_right_; }

 private:
  bool has(std::string_view key) const;
  bool has_extension(std::string_view local, std::string_view at_host) const;

  NoCaseMap lines_;
  PatternList valid_, invalid_;
  std::vector<MappedFile> databases_;
  bool is_right_ = true;
};

}  // namespace qmail::features
